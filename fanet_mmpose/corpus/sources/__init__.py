"""What can be annotated: each source lists its inputs lazily, in a fixed order."""

from fanet_mmpose.corpus.sources.open import open_source
from fanet_mmpose.corpus.sources.source import Source, SourceOptions

__all__ = ['Source', 'SourceOptions', 'open_source']
