"""Where faces come from: annotation files, photographs, splits and loading."""

from __future__ import annotations

from fanet_mmpose.public_names import importer

_MODULES = {
    'BoxJitter': 'box_jitter',
    'CachedFaces': 'cached.cached_faces',
    'CachedFacesPreprocessor': 'cached.preprocessor',
    'CustomFaceDataset': 'custom_face_dataset',
    'EllipseMasks': 'ellipse_masks',
    'FaceBox': 'face_box',
    'FewLabelsDataset': 'few_labels_dataset',
    'HoldOutDataset': 'hold_out_dataset',
    'LoadFaceCrop': 'load_face_crop',
    'LoadFaceImage': 'load_face_image',
    'LoadOcclusion': 'load_occlusion',
    'PartlyLabelledDataset': 'partly_labelled_dataset',
    'PointSetsFaceDataset': 'point_sets_dataset',
    'RandomDegradation': 'random_degradation',
    'RandomOcclusion': 'random_occlusion',
    'UnlabelledFaceDataset': 'unlabelled_face_dataset',
    'WeightedFaceDataset': 'weighted_face_dataset',
}
__all__ = list(_MODULES)
__getattr__ = importer(__name__, _MODULES)
