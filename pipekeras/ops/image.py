"""`ops.image`: functions of images; in the table of ops their names begin with `image_`."""

from pipekeras.ops.groups import group

_NAMES = """
affine_transform elastic_transform extract_patches extract_patches_3d gaussian_blur hsv_to_rgb map_coordinates
perspective_transform resize rgb_to_grayscale rgb_to_hsv scale_and_translate sobel_edges ssim
"""

__all__, __getattr__, __dir__ = group(
    __name__, {"crop_images": "image_crop", "pad_images": "image_pad", **{name: f"image_{name}" for name in _NAMES.split()}}
)
