"""Pictures with boxes and masks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipekeras import visualization
from pipekeras.core.errors import ArgumentError, ShapeError

IMAGES = np.full((2, 12, 10, 3), 100.0)
BOXES = {"boxes": np.array([[[1, 2, 4, 5]], [[3, 3, 20, 20]]]), "labels": np.array([[1], [-1]])}


def test_boxes_are_drawn() -> None:
    drawn = visualization.draw_bounding_boxes(IMAGES, BOXES, "xyxy", color=(255, 0, 0), line_thickness=1)
    assert drawn.dtype == np.uint8 and (drawn[1] == 100).all()
    assert (drawn[0, 2, 1:5] == [255, 0, 0]).all() and (drawn[0, 3, 2:4] == 100).all() and (drawn[0, 5, 1:5, 0] == 255).all()
    assert (drawn[0, 2:6, [1, 4], 1] == 0).all() and (IMAGES == 100).all()
    first = visualization.draw_bounding_boxes(
        np.moveaxis(IMAGES, -1, 1), BOXES, "xyxy", color=(255, 0, 0), line_thickness=1, data_format="channels_first"
    )
    assert (first == drawn).all()
    with pytest.raises(ArgumentError, match="galleries"):
        visualization.draw_bounding_boxes(IMAGES, BOXES, "xyxy", class_mapping={1: "cat"})


def test_masks_are_painted() -> None:
    masks = np.zeros((2, 12, 10, 1), int)
    masks[:, :3], masks[:, 9:] = 1, -1
    colors = {0: (0, 0, 0), 1: (200, 0, 0)}
    painted = visualization.draw_segmentation_masks(IMAGES, masks, color_mapping=colors, alpha=0.5)
    assert painted[0, 0, 0].tolist() == [150, 50, 50] and painted[0, 5, 0].tolist() == [50, 50, 50]
    assert painted[0, 11, 0].tolist() == [100, 100, 100]
    plain = visualization.draw_segmentation_masks(IMAGES, masks, num_classes=2, blend=False)
    assert len(np.unique(plain.reshape(-1, 3), axis=0)) == 3
    with pytest.raises(ShapeError, match="do not fit"):
        visualization.draw_segmentation_masks(IMAGES, masks[:, :5])


def test_galleries_are_written(tmp_path: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    visualization.plot_image_gallery(IMAGES, y_true=[0, 1], label_map={0: "cat"}, path=tmp_path / "a.png")
    visualization.plot_bounding_box_gallery(
        IMAGES, "xyxy", y_true=BOXES, y_pred=BOXES, class_mapping={1: "cat"}, legend=True, path=tmp_path / "b.png"
    )
    visualization.plot_segmentation_mask_gallery(IMAGES, 2, y_true=np.ones((2, 12, 10)), path=tmp_path / "c.png")
    assert all((tmp_path / f"{name}.png").stat().st_size > 500 for name in "abc")
    with pytest.raises(ArgumentError, match="not both"):
        visualization.plot_image_gallery(IMAGES, path=tmp_path / "d.png", show=True)
