"""Official releases and your own folders, converted into what MMPose's face datasets read."""

from fanet_mmpose.datasets.converters.convert import convert_dataset
from fanet_mmpose.datasets.converters.crops import build_crops
from fanet_mmpose.datasets.converters.options import DATASETS, Options
from fanet_mmpose.datasets.converters.summary_table import print_summary

__all__ = ['DATASETS', 'Options', 'build_crops', 'convert_dataset', 'print_summary']
