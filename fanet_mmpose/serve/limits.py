"""What the page takes from visitors, in one place: sizes, numbers and times."""

from __future__ import annotations

from dataclasses import dataclass

from fanet_mmpose.errors import UserError

MEGA = 1_000_000
FORM_BYTES = 65_536  # that a browser's form adds to the file


@dataclass(frozen=True)
class Limits:
    """What is taken of one visitor, and of all together.

    Attributes:
        megabytes: of one encoded picture.
        megapixels: of one decoded picture; also of all pictures that are decoded at one time.
        bodies: bodies of requests in memory at one time, in pictures of `megabytes`.
        connections: open at one time; more are answered with status 503.
        uploads: files that wait for their request, see `Uploads`.
        upload_seconds: after which a waiting file is deleted.
        body_seconds: in which the body of a request must have arrived.
        idle_seconds: that a connection may be silent while its request or the reading of the
            answer is unfinished.
    """

    megabytes: int = 20
    megapixels: int = 50
    bodies: int = 8
    connections: int = 64
    uploads: int = 64
    upload_seconds: float = 60
    body_seconds: float = 120
    idle_seconds: float = 20

    @property
    def num_bytes(self) -> int:
        """`megabytes` in bytes."""
        return self.megabytes * MEGA

    @property
    def num_pixels(self) -> int:
        """`megapixels` in pixels."""
        return self.megapixels * MEGA

    def too_heavy(self) -> UserError:
        """The sentence for a file above `megabytes`."""
        return UserError(f'the file is larger than {self.megabytes} MB: send a smaller picture')
