"""Whole models as Keras 3 archives (`.keras`): a zip of `metadata.json`, `config.json` and `model.weights.h5`.

Keras puts the words that a layer learned by `adapt` into `assets/.../vocabulary.txt`; we write them into the configuration.

Members are read by name, in memory; nothing is ever unpacked to disk.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import zipfile
import zlib
from typing import Any, NamedTuple

from pipekeras.core import keras_2, serialization
from pipekeras.core.budget import limited_variables
from pipekeras.core.errors import FileFormatError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.plain_data import MOST_BYTES, parse_json
from pipekeras.graph.variable import values_to_come
from pipekeras.saving import legacy_optimizer, limits, sources, state_tree, training_config
from pipekeras.saving.atomic import replacing
from pipekeras.saving.hdf5_reader import SIGNATURE, Group, reading
from pipekeras.saving.limits import shown
from pipekeras.saving.version import KERAS_VERSION

CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
VOCABULARY = "vocabulary.txt"
_SIGNATURE = b"PK\x03\x04"
_MEMBERS = 10_000
# Keras stores weights unpacked; other programs may have packed them, fresh slots of an optimizer rather well.
_UNSUSPICIOUS_WEIGHTS = 32 << 20
_WEIGHTS_EXPANSION = 50


class Content(NamedTuple):
    """The members of an archive."""

    config: bytes
    metadata: bytes
    weights: bytes
    vocabularies: dict[str, bytes]


def is_archive(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a zip archive, by its first bytes."""
    try:
        with open(path, "rb") as stream:
            return stream.read(4) == _SIGNATURE
    except (FileNotFoundError, IsADirectoryError):
        return False


def save_model(model: Any, path: str | os.PathLike[str], include_optimizer: bool = True) -> None:
    """Write config, weights and, if the model is compiled, how, and the optimizer's state."""
    import h5py

    with serialization.shared_objects():
        config = serialization.serialize(model)
    for _, owner in state_tree.states(model):
        if hasattr(owner, "save_assets"):
            warn_user(
                f"{type(owner).__name__}.save_assets() is passed over: a model's file holds configurations and weights, "
                "and nothing of it becomes a file; save arrays in save_own_variables(), texts in get_config()"
            )
    if not include_optimizer:
        config.pop("compile_config", None)
    now = datetime.datetime.now().strftime("%Y-%m-%d@%H:%M:%S")
    metadata = {"keras_version": KERAS_VERSION, "date_saved": now}
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        state_tree.write(model, file)
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr(METADATA, json.dumps(metadata))
        archive.writestr(CONFIG, json.dumps(config))
        source = sources.written_for(model)
        if source is not None:
            archive.writestr(sources.MEMBER, source)
        archive.writestr(WEIGHTS, buffer.getbuffer())


def load_model(path: str | os.PathLike[str], compile: bool = True) -> Any:
    """Read a whole model.

    Raises:
        FileFormatError: When the file is not an archive of a model, or not harmless.
    """
    content = read(path)
    config = parse_json(content.config, f"{CONFIG} of {os.fspath(path)}")
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise FileFormatError(f"{CONFIG} of {os.fspath(path)} names no model")
    compile_config = config.pop("compile_config", None)
    if compile_config is not None and not isinstance(compile_config, dict):
        raise FileFormatError(f"{CONFIG} of {os.fspath(path)} does not say in a mapping how the model was compiled")
    metadata = parse_json(content.metadata, f"{METADATA} of {os.fspath(path)}")
    old = isinstance(metadata, dict) and keras_2.is_keras_2(metadata.get("keras_version"))
    serialization.check_extent(config)
    if old:
        config = keras_2.meaning_today(config)
    with reading(content.weights, os.fspath(path)) as file, values_to_come():
        with limited_variables(*limits.variables_for(list(file.root.datasets()))):
            with serialization.shared_objects():
                model = serialization.deserialize(config, kind="model")
            if not hasattr(model, "save"):
                raise FileFormatError(f"{os.fspath(path)} holds {shown(config['class_name'])}, which is not a model")
            if compile and compile_config and old:
                _compile_as_keras_2(model, compile_config, file.root)
            elif compile and compile_config:
                model.compile_from_config(compile_config)
                optimizer = getattr(model, "optimizer", None)
                if optimizer is not None and not optimizer.built and "optimizer" in file.root:
                    optimizer.build(model.trainable_variables)
        for problem in state_tree.read(model, file.root, with_optimizer=not old):
            warn_user(f"{problem}; training starts with a fresh one")
    _give_vocabularies(model, content.vocabularies, os.fspath(path))
    return model


def _give_vocabularies(model: Any, members: dict[str, bytes], label: str) -> None:
    """Give layers the words that Keras wrote beside the configuration: those that `adapt` learned."""
    if not members:
        return
    for path, owner in state_tree.states(model):
        content = members.get(f"assets/{path}/{VOCABULARY}")
        if content is None or not hasattr(owner, "load_words"):
            continue
        try:
            words = content.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise FileFormatError(f"{label}: the vocabulary of {shown(path)} is not UTF-8 text") from None
        while words and not words[-1]:
            words.pop()
        owner.load_words([word.removesuffix("\r") for word in words])


def _compile_as_keras_2(model: Any, compile_config: Any, root: Group) -> None:
    """Compile a model from an archive that Keras 2 wrote, and give the optimizer its state, which Keras 3 lays out anew."""
    model.compile(**training_config.read({**compile_config, "optimizer_config": compile_config.get("optimizer")}))
    saved = root.get("optimizer")
    if isinstance(saved, Group):
        group = saved.group("vars")
        arrays = [group.dataset(str(index)) for index in range(len(group))]
        legacy_optimizer.restore(model, legacy_optimizer.names_in_archive(model, len(arrays)), arrays)
    else:
        warn_user("The file holds no state of the optimizer; training starts with a fresh one.")


def read(path: str | os.PathLike[str]) -> Content:
    """The members of an archive, after it was found to be harmless.

    Raises:
        FileFormatError: For links, odd names, duplicates, encrypted members, bombs, missing members, damage.
    """
    name = os.fspath(path)
    try:
        size = os.path.getsize(path)
        with zipfile.ZipFile(path) as archive:
            members = _checked_members(archive, size, name)
            for wanted in (CONFIG, METADATA, WEIGHTS):
                if wanted not in members:
                    raise FileFormatError(
                        f"{name} is a zip archive without {wanted}, so not a model",
                        mend="name a file that Keras or pipekeras saved",
                    )
            config, metadata = (_member(archive, members[member], MOST_BYTES) for member in (CONFIG, METADATA))
            most = max(_UNSUSPICIOUS_WEIGHTS, size * _WEIGHTS_EXPANSION)
            weights = _member(archive, members[WEIGHTS], most, SIGNATURE)
            of_words = [
                member for member in members if member.startswith("assets/") and member.endswith(f"/{VOCABULARY}")
            ]
            if sum(members[member].file_size for member in of_words) > MOST_BYTES:
                raise FileFormatError(f"{name} holds vocabularies of more than {MOST_BYTES} bytes together")
            vocabularies = {member: _member(archive, members[member], MOST_BYTES) for member in of_words}
            return Content(config, metadata, weights, vocabularies)
    except FileNotFoundError:
        raise FileFormatError(f"there is no file {name}", mend="check the path") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError, ValueError) as problem:
        if isinstance(problem, FileFormatError):
            raise
        raise FileFormatError(f"{name} is not a readable zip archive: {problem}") from None


def read_source(path: str | os.PathLike[str]) -> str | None:
    """Return the text of the member that holds the source of the model's own layers, or None."""
    read(path)
    with zipfile.ZipFile(path) as archive:
        if sources.MEMBER not in archive.namelist():
            return None
        content = _member(archive, archive.getinfo(sources.MEMBER), sources.MOST_BYTES)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileFormatError(f"{sources.MEMBER} of {os.fspath(path)} is not UTF-8 text") from None


def _checked_members(archive: zipfile.ZipFile, size: int, label: str) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > _MEMBERS:
        raise FileFormatError(f"{label} has {len(infos)} members; a model has a handful")
    members: dict[str, zipfile.ZipInfo] = {}
    packed = unpacked = 0
    for info in infos:
        where = f"{label}: member {shown(info.filename)}"
        parts = info.filename.replace("\\", "/").split("/")
        if info.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in info.orig_filename:
            raise FileFormatError(f"{where} points outside of the archive")
        if info.filename in members:
            raise FileFormatError(f"{where} occurs twice")
        if info.flag_bits & 0x1:
            raise FileFormatError(f"{where} is encrypted")
        kind = (info.external_attr >> 16) & 0o170000
        if kind not in (0, 0o100000, 0o040000):
            raise FileFormatError(f"{where} is a link or a special file")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileFormatError(f"{where} is packed in an unusual way")
        if info.file_size > max(info.compress_size, 1) * limits.EXPANSION:
            raise FileFormatError(f"{where} unpacks to {info.file_size} bytes from {info.compress_size}")
        packed += info.compress_size
        unpacked += info.file_size
        members[info.filename] = info
    if packed > size or unpacked > max(size, 1) * limits.EXPANSION:
        raise FileFormatError(f"{label}: its members overlap, or unpack to {unpacked} bytes from a file of {size}")
    return members


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, start: bytes = b"") -> bytes:
    if info.file_size > most:
        raise FileFormatError(f"member {shown(info.filename)} has {info.file_size} bytes; at most {most} are read")
    with archive.open(info) as stream:
        content = stream.read(len(start))
        if content != start:
            raise FileFormatError(f"member {shown(info.filename)} is not an HDF5 file")
        content += stream.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise FileFormatError(f"member {shown(info.filename)} has another length than it declares")
    return content
