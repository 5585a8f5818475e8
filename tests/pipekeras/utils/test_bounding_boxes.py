"""Boxes: formats, overlap, movement; the numbers are Keras 3.15's."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.utils import bounding_boxes as boxes

X = np.array([[10, 20, 50, 60], [70, 80, 100, 120]])
A = np.array([[0, 0, 10, 10], [5, 5, 20, 20], [-1, -1, -1, -1]], "float32")
B = np.array([[0, 0, 5, 10], [5, 5, 20, 20]], "float32")


@pytest.mark.parametrize(
    "form", ["yxyx", "XYWH", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh"]
)
def test_formats_lead_back(form: str) -> None:
    there = boxes.convert_format({"boxes": X, "labels": [1, 2]}, "xyxy", form, 200, 100)
    assert there["labels"] == [1, 2]
    np.testing.assert_allclose(boxes.convert_format(there["boxes"], form, "xyxy", 200, 100), X, rtol=1e-5)


def test_overlap() -> None:
    expected = [[0.5, 0.0833333358], [0, 1], [0, 0]]
    np.testing.assert_allclose(boxes.compute_iou(A, B, "xyxy"), expected, rtol=1e-6)
    np.testing.assert_allclose(boxes.compute_iou(A, B[None], "xyxy", use_masking=True)[0, 2], [-1, -1])
    np.testing.assert_allclose(boxes.compute_iou(A[:2], B, "xywh"), [[0.5, 0.0526315793], [0, 1]], rtol=1e-6)
    np.testing.assert_allclose(boxes.compute_ciou(A[:2], B, "xyxy"), [0.4655018747, 1], rtol=1e-5)


def test_deltas_lead_back() -> None:
    deltas = boxes.encode_box_to_deltas(A[:2], B, "xyxy", "xyxy", variance=[0.1, 0.1, 0.2, 0.2])
    np.testing.assert_allclose(deltas, [[0, -2.5, 0, -3.4657359], [0, 0, 0, 0]], atol=1e-5)
    levels = boxes.decode_deltas_to_boxes({"P3": A[:2]}, {"P3": deltas}, "xyxy", "xyxy", variance=[0.1, 0.1, 0.2, 0.2])
    np.testing.assert_allclose(levels["P3"], B, atol=1e-4)


def test_boxes_move_with_their_picture() -> None:
    cut = boxes.clip_to_image_size({"boxes": [[-10, -20, 150, 160], [200, 200, 210, 210]], "labels": [0, 1]}, 100, 120)
    assert cut["boxes"].numpy().tolist() == [[0, 0, 120, 100], [120, 100, 120, 100]]
    assert cut["labels"].numpy().tolist() == [0, -1]
    assert boxes.crop(X, 10, 20, 40, 30).numpy().tolist() == [[0, 10, 30, 40], [30, 40, 30, 40]]
    assert boxes.pad(X, 10, 20).numpy().tolist() == [[30, 30, 70, 70], [90, 90, 120, 130]]
    options = {"angle": [30], "translate_x": [0.1], "translate_y": [0.2], "scale": [1.5], "shear_x": [10], "shear_y": [5]}
    moved = boxes.affine_transform(X[None].astype("float32"), **options, height=100, width=200)
    expected = [[-8.331612, 55.098785, 87.74315, 135.13893], [135.78052, 105.160614, 217.74286, 178.83727]]
    np.testing.assert_allclose(moved[0], expected, rtol=1e-4)


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(ArgumentError, match="no format 'corners'"):
        boxes.convert_format(X, "corners", "xyxy")
    with pytest.raises(ArgumentError, match="height and width"):
        boxes.convert_format(X, "xyxy", "rel_xyxy")
    with pytest.raises(ShapeError, match="four numbers"):
        boxes.convert_format(X[:, :3], "xyxy", "xywh")
    with pytest.raises(ArgumentError, match="four numbers"):
        boxes.encode_box_to_deltas(A, A, "xyxy", "xyxy", variance=[1.0])
