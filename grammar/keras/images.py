"""Pictures: files, arrays, batches that are changed by chance."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, ExternalObject, Vector, inherits, names_of
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras.preprocessing import folders, image
from pipekeras.preprocessing.image_generator import ImageDataGenerator


def _path(value: Any) -> str:
    return os.path.expanduser(str(value.items()[0]))


@word("image_load", "path, grayscale = FALSE, color_mode = 'rgb', target_size = NULL, interpolation = 'nearest'")
def image_load(path: Any, grayscale: Any, color_mode: Any, target_size: Any, interpolation: Any) -> Any:
    """Read a picture from a file.

    Args:
        path: file; PNG, or with the Python package Pillow any other format.
        grayscale: older spelling of color_mode = "grayscale".
        color_mode: "grayscale", "rgb" or "rgba".
        target_size: c(height, width), or NULL.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
    """
    mode = "grayscale" if convert.argument("grayscale", grayscale) else str(color_mode.items()[0])
    return ExternalObject(image.load_img(_path(path), mode, convert.shape(target_size), str(interpolation.items()[0])))


@word("image_to_array", "img, data_format = c('channels_last', 'channels_first'), dtype = NULL")
def image_to_array(img: Any, data_format: Any, dtype: Any = NULL) -> Any:
    """Return a picture as an array of rows, columns and channels.

    Args:
        img: picture from image_load(), or a matrix or array.
        data_format: "channels_last" or "channels_first".
        dtype: "float32" or "float64"; arrays of the language hold doubles.
    """
    if dtype is not NULL and str(dtype.items()[0]) not in ("float32", "float64"):
        raise RError("argument 'dtype' of image_to_array() is not supported", mend="arrays of the language hold doubles")
    return convert.result(image.img_to_array(convert.data(img), str(data_format.items()[0])))


@word("image_from_array", "x, data_format = NULL, scale = TRUE, dtype = NULL")
def image_from_array(x: Any, data_format: Any, scale: Any, dtype: Any) -> Any:
    """Return an array as a picture.

    Args:
        x: array of three axes.
        data_format: "channels_last" or "channels_first".
        scale: stretch the values to 0 to 255.
        dtype: "float32".
    """
    only_default("image_from_array", dtype=(dtype, "float32"))
    layout = convert.argument("data_format", data_format)
    return ExternalObject(image.array_to_img(np.asarray(_values(x)), layout, bool(convert.argument("scale", scale))))


def _values(x: Any) -> np.ndarray:
    found = convert.data(x)
    return np.asarray(found.numpy() if hasattr(found, "numpy") else found)


@word("image_array_resize", "img, height, width, data_format = c('channels_last', 'channels_first')")
def image_array_resize(img: Any, height: Any, width: Any, data_format: Any) -> Any:
    """Return a picture, or an array of several, in another size.

    Args:
        img: array of three or four axes.
        height, width: the new size.
        data_format: "channels_last" or "channels_first".
    """
    array = _values(img).astype(np.float64)
    rows, columns = int(convert.argument("height", height)), int(convert.argument("width", width))
    first = str(data_format.items()[0]) == "channels_first"

    def one(picture: np.ndarray) -> np.ndarray:
        picture = picture.transpose(1, 2, 0) if first else picture
        made = image.resize(picture, rows, columns, "bilinear")
        return made.transpose(2, 0, 1) if first else made

    return convert.result(one(array) if array.ndim == 3 else np.stack([one(picture) for picture in array]))


@word("image_array_save", "img, path, data_format = NULL, file_format = NULL, scale = TRUE", invisible=True)
def image_array_save(img: Any, path: Any, data_format: Any, file_format: Any, scale: Any) -> Any:
    """Write an array as a picture.

    Args:
        img: array of three axes.
        path: file; its suffix tells the format.
        data_format: "channels_last" or "channels_first".
        file_format: format, when the suffix does not tell.
        scale: stretch the values to 0 to 255.
    """
    image.save_img(
        _path(path),
        _values(img),
        convert.argument("data_format", data_format),
        convert.argument("file_format", file_format),
        bool(convert.argument("scale", scale)),
    )
    return NULL


_GENERATOR = (
    "featurewise_center = FALSE, samplewise_center = FALSE, featurewise_std_normalization = FALSE, "
    "samplewise_std_normalization = FALSE, zca_whitening = FALSE, zca_epsilon = 1e-06, rotation_range = 0, "
    "width_shift_range = 0, height_shift_range = 0, brightness_range = NULL, shear_range = 0, zoom_range = 0, "
    "channel_shift_range = 0, fill_mode = 'nearest', cval = 0, horizontal_flip = FALSE, vertical_flip = FALSE, "
    "rescale = NULL, preprocessing_function = NULL, data_format = NULL, validation_split = 0"
)


@word("image_data_generator", _GENERATOR)
def image_data_generator(*values: Any) -> Any:
    """Make batches of pictures that are turned, moved and mirrored by chance.

    Args:
        featurewise_center, featurewise_std_normalization: normalise by all pictures (fit_image_data_generator()).
        samplewise_center, samplewise_std_normalization: normalise each picture by itself.
        zca_whitening, zca_epsilon: make pixels uncorrelated.
        rotation_range: largest turn in degrees.
        width_shift_range, height_shift_range: share of the size, or pixels from 1 on.
        brightness_range: two factors.
        shear_range: degrees; zoom_range: z for 1 - z to 1 + z, or two factors; channel_shift_range: of the values.
        fill_mode, cval: what lies outside of the picture.
        horizontal_flip, vertical_flip: mirror by chance.
        rescale: factor of the values.
        preprocessing_function: function of a picture.
        data_format: "channels_last" or "channels_first".
        validation_split: share of the pictures for subset "validation".
    """
    names = [piece.split("=")[0].strip() for piece in _GENERATOR.split(", ")]
    given: dict[str, Any] = {}
    for name, value in zip(names, values, strict=True):
        if name == "preprocessing_function" and value is not NULL:
            given[name] = _picture_function(value)
        elif value is not NULL:
            given[name] = convert.argument(name, value)
    if given.get("width_shift_range") is not None:
        for name in ("width_shift_range", "height_shift_range", "zoom_range"):
            given[name] = given[name] if isinstance(given[name], list) else float(given[name])
    return ExternalObject(ImageDataGenerator(**given))


def _picture_function(function: Any) -> Any:
    def run(picture: np.ndarray) -> np.ndarray:
        return _values(call_function(function, [(None, convert.result(picture))]))

    return run


def _generator(value: Any) -> ImageDataGenerator:
    found = ImageDataGenerator() if value is NULL else getattr(value, "value", None)
    if not isinstance(found, ImageDataGenerator):
        raise RError("generator must come from image_data_generator()")
    return found


@word("fit_image_data_generator", "object, x, augment = FALSE, rounds = 1, seed = NULL, ...", invisible=True)
def fit_image_data_generator(target: Any, x: Any, augment: Any, rounds: Any, seed: Any, dots: Any) -> Any:
    """Measure what the featurewise options of an image_data_generator() need.

    Args:
        object: generator.
        x: array of pictures.
        augment, rounds: measure that many changed copies.
        seed: number that fixes the changes.
    """
    _generator(target).fit(
        _values(x),
        bool(convert.argument("augment", augment)),
        int(convert.argument("rounds", rounds)),
        convert.argument("seed", seed),
    )
    return target


_TARGET = "target_size = c(256, 256), color_mode = 'rgb', classes = NULL, class_mode = 'categorical', "
_SAVING = "save_to_dir = NULL, save_prefix = '', save_format = 'png', "


def _options(names: list[str], values: tuple[Any, ...]) -> dict[str, Any]:
    """Return the options that were given; class_mode NULL is one."""
    given: dict[str, Any] = {}
    for name, value in zip(names, values, strict=True):
        if value is NULL and name != "class_mode":
            continue
        plain = convert.argument(name, value)
        given[name] = [plain] if name == "classes" and isinstance(plain, str) else plain
    return given


_FLOW_DATA = ["batch_size", "shuffle", "sample_weight", "seed", "save_to_dir", "save_prefix", "save_format", "subset"]


@word("flow_images_from_data", "x, y = NULL, generator = NULL, batch_size = 32, shuffle = TRUE, sample_weight = NULL, "
      f"seed = NULL, {_SAVING}subset = NULL")  # fmt: skip
def flow_images_from_data(x: Any, y: Any, generator: Any, *values: Any) -> Any:
    """Make batches of pictures that are in memory.

    Args:
        x: array of pictures.
        y: targets.
        generator: image_data_generator().
        batch_size, shuffle, sample_weight, seed: as in fit().
        save_to_dir, save_prefix, save_format: where the changed pictures are written to.
        subset: "training" or "validation".
    """
    if isinstance(x, Vector) and x.kind == "list":
        x, y = x.data[0], x.data[1] if len(x) > 1 else y
    answers = None if y is NULL else _values(y)
    return ExternalObject(_generator(generator).flow(_values(x), answers, **_options(_FLOW_DATA, values)))


_FLOW_FOLDER = ["target_size", "color_mode", "classes", "class_mode", "batch_size", "shuffle", "seed", "save_to_dir",
                "save_prefix", "save_format", "follow_links", "subset", "interpolation"]  # fmt: skip


@word("flow_images_from_directory", f"directory, generator = NULL, {_TARGET}batch_size = 32, shuffle = TRUE, seed = NULL, "
      f"{_SAVING}follow_links = FALSE, subset = NULL, interpolation = 'nearest'")  # fmt: skip
def flow_images_from_directory(directory: Any, generator: Any, *values: Any) -> Any:
    """Make batches of pictures that lie in one folder for each class.

    Args:
        directory: folder of the folders.
        generator: image_data_generator().
        target_size: c(height, width).
        color_mode: "grayscale", "rgb" or "rgba".
        classes: names of the folders, default all.
        class_mode: "categorical", "binary", "sparse", "input" or NULL.
        batch_size, shuffle, seed: as in fit().
        save_to_dir, save_prefix, save_format: where the changed pictures are written to.
        follow_links: enter folders that are links.
        subset: "training" or "validation".
        interpolation: how pictures are resized.
    """
    return ExternalObject(_generator(generator).flow_from_directory(_path(directory), **_options(_FLOW_FOLDER, values)))


_FLOW_TABLE = ["target_size", "color_mode", "classes", "class_mode", "batch_size", "shuffle", "seed", "save_to_dir",
               "save_prefix", "save_format", "subset", "interpolation"]  # fmt: skip


@word("flow_images_from_dataframe", "dataframe, directory = NULL, x_col = 'filename', y_col = 'class', generator = NULL, "
      f"{_TARGET}batch_size = 32, shuffle = TRUE, seed = NULL, {_SAVING}subset = NULL, interpolation = 'nearest', "
      "drop_duplicates = NULL")  # fmt: skip
def flow_images_from_dataframe(table: Any, directory: Any, x_col: Any, y_col: Any, generator: Any, *values: Any) -> Any:
    """Make batches of pictures that a data frame names.

    Args:
        dataframe: data frame with a column of file names and one of classes.
        directory: folder of the files.
        x_col, y_col: names of the columns.
        drop_duplicates: accepted; every row counts.
        generator, target_size, color_mode, classes, class_mode, batch_size, shuffle, seed, save_to_dir, save_prefix,
            save_format, subset, interpolation: as in flow_images_from_directory().
    """
    if not inherits(table, "data.frame"):
        raise RError("dataframe must be a data frame")
    columns: dict[str, Any] = {}
    for name, column in zip(names_of(table) or [], table.data, strict=True):
        if inherits(column, "factor"):
            levels = column.attributes["levels"].items()
            columns[str(name)] = [levels[code - 1] for code in column.items()]
        else:
            columns[str(name)] = column.items()
    targets = convert.argument("y_col", y_col)
    missing = [name for name in [convert.argument("x_col", x_col), *(targets if isinstance(targets, list) else [targets])]
               if name not in columns]  # fmt: skip
    options = _options(_FLOW_TABLE, values[:-1])
    if missing and options["class_mode"] is not None:
        raise RError(f"the data frame has no column '{missing[0]}'", mend=f"columns are {', '.join(columns)}")
    folder = None if directory is NULL else _path(directory)
    found = _generator(generator).flow_from_dataframe(columns, folder, convert.argument("x_col", x_col), targets, **options)
    return ExternalObject(found)


_FOLDER = (
    "directory, labels = 'inferred', label_mode = 'int', class_names = NULL, {own}batch_size = 32L, {size}shuffle = TRUE, "
    "seed = NULL, validation_split = NULL, subset = NULL, {rest}follow_links = FALSE, {last}..."
)
_IMAGE_FOLDER = _FOLDER.format(
    own="color_mode = 'rgb', ", size="image_size = c(256, 256), ", rest="interpolation = 'bilinear', ",
    last="crop_to_aspect_ratio = FALSE, ",
)  # fmt: skip
_TEXT_FOLDER = _FOLDER.format(own="", size="max_length = NULL, ", rest="", last="")


def _folder_word(name: str, signature: str, make: Any) -> None:
    names = [piece.split("=")[0].strip() for piece in signature.replace("c(256, 256)", "0").split(", ")][1:-1]

    @word(name, signature)
    def read(directory: Any, *values: Any) -> Any:
        given: dict[str, Any] = {}
        for label, value in zip(names, values[:-1], strict=True):
            if value is not NULL:
                plain = convert.argument(label, value)
                given[label] = [plain] if label == "class_names" and isinstance(plain, str) else plain
            elif label in ("labels", "label_mode", "batch_size"):
                given[label] = None
        return ExternalObject(make(_path(directory), **given))

    read.documents = make  # type: ignore[attr-defined]


_folder_word("image_dataset_from_directory", _IMAGE_FOLDER, folders.image_dataset_from_directory)
_folder_word("text_dataset_from_directory", _TEXT_FOLDER, folders.text_dataset_from_directory)
