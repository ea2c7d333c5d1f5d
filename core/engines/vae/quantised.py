"""The other bottleneck: codes from books instead of a Gaussian, and a prior that draws them.

A bar's numbers are cut into groups, and each group becomes the nearest row of its own book (product
quantisation; Jégou et al., 2011), so that four codes of eight bits stand for a bar. Gradients go straight
through, and the books follow the means of what falls to their rows (van den Oord et al., "Neural discrete
representation learning", 2017, with the moving averages of its appendix); a row to which nothing falls any
more begins anew at a bar of the batch (as in Jukebox; Dhariwal et al., 2020).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from core.engines.vae.network import Held, MelodyVae
from core.engines.vae.prior import Prior

GAUSSIAN, VQ = "gaussian", "vq"
BOTTLENECKS = (GAUSSIAN, VQ)
GROUPS, ROWS = 4, 256
DECAY = 0.99
"""Of the moving averages, a batch."""
DEAD = 0.05
"""Share of its even part of the bars below which a row begins anew."""
CERTAIN = -30.0
"""Log variance of a latent that is not drawn."""


class Books(nn.Module):
    """One book for each group of a bar's numbers.

    Args:
        size: numbers of a bar, a multiple of `groups`.
        groups: codes of a bar.
        rows: codes to choose from.
    """

    book: Tensor
    fallen: Tensor
    sums: Tensor

    def __init__(self, size: int, groups: int = GROUPS, rows: int = ROWS) -> None:
        super().__init__()
        self.groups, self.rows = groups, rows
        self.register_buffer("book", torch.zeros(groups, rows, size // groups))
        self.register_buffer("fallen", torch.zeros(groups, rows))
        self.register_buffer("sums", torch.zeros(groups, rows, size // groups))

    @torch.no_grad()
    def follow(self, latent: Tensor) -> None:
        """Let the books follow a batch of latents (…, size)."""
        x = latent.float().reshape(-1, self.groups, self.book.shape[-1]).transpose(0, 1)
        chosen = nn.functional.one_hot(nearest(self.book, latent).reshape(-1, self.groups).T, self.rows).float()
        with torch.autocast(latent.device.type, enabled=False):
            self.fallen.lerp_(chosen.sum(1), 1 - DECAY)
            self.sums.lerp_(chosen.transpose(1, 2) @ x, 1 - DECAY)
        even = x.shape[1] / self.rows
        dead = self.fallen < DEAD * even
        picked = torch.randint(x.shape[1], dead.shape, device=x.device)[..., None].expand_as(self.sums)
        self.fallen.masked_fill_(dead, even)
        self.sums.copy_(torch.where(dead[..., None], x.gather(1, picked) * even, self.sums))
        self.book.copy_(self.sums / self.fallen[..., None])


@torch.no_grad()
def nearest(book: Tensor, latent: Tensor) -> Tensor:
    """The codes (…, groups) of latents (…, size) in books (groups, rows, size / groups)."""
    x = latent.float().unflatten(-1, (len(book), -1))
    with torch.autocast(latent.device.type, enabled=False):
        apart = book.square().sum(-1) - 2 * torch.einsum("...gd,grd->...gr", x, book)
    return apart.argmin(-1)


def rows_of(book: Tensor, codes: Tensor) -> Tensor:
    """The latents (…, size) of codes (…, groups)."""
    return book[torch.arange(len(book), device=codes.device), codes].flatten(-2)


class QuantisedVae(MelodyVae):
    """`MelodyVae` with books for a bottleneck."""

    def __init__(self, styles: int, sizes: dict[str, int] | None = None, groups: int = GROUPS, rows: int = ROWS) -> None:
        super().__init__(styles, sizes)
        self.books = Books(self.latent, groups, rows)

    def hold(self, mean: Tensor, log_variance: Tensor, drawn: bool = True) -> Held:
        """See `MelodyVae.hold`: the rows nearest to the means; the price is the distance to them."""
        if self.training:
            self.books.follow(mean)
        near = rows_of(self.books.book, nearest(self.books.book, mean))
        price = (mean - near).square().sum(-1)
        nats = torch.full_like(price, self.books.groups * math.log(self.books.rows))
        return Held(mean + (near - mean).detach(), torch.full_like(log_variance, CERTAIN), price, nats)


class CodePrior(Prior):
    """`Prior` for codes: what was before a bar, and the groups before one of its own, give chances to the rows of its book.

    A row is drawn by a number from the Gaussian: the rows stand in order, the likeliest first, and the share of
    numbers that lie nearer to 0 says where in their chances. The points of a group count by their sum. Backwards a
    row is the middle of its chances, which is one of the places that lead to it.

    Args:
        book: of the autoencoder, (groups, rows, size / groups).
        condition: of `MelodyVae.condition`.
        hidden: of the LSTM and the layers after it.
    """

    book: Tensor

    def __init__(self, book: Tensor, condition: int, hidden: int = 192) -> None:
        super().__init__(book.shape[0] * book.shape[2], condition, hidden, layers=0)
        self.register_buffer("book", book.detach().clone())
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(group * book.shape[2] + hidden, hidden), nn.GELU(), nn.Linear(hidden, book.shape[1]))
            for group in range(len(book)))

    def nll(self, latent: Tensor, condition: Tensor) -> Tensor:
        """Nats of each bar's codes, (B, N)."""
        x = (latent - self.mean) / self.scale
        chances = self._chances(x, self._past(x, condition))
        return -chances.gather(-1, nearest(self.book, latent)[..., None])[..., 0].sum(-1)

    def _chances(self, x: Tensor, context: Tensor) -> Tensor:
        """Log chances (…, groups, rows) where each group is told those before it."""
        wide = self.book.shape[2]
        logits = [head(torch.cat([x[..., : group * wide], context], -1)) for group, head in enumerate(self.heads)]
        return torch.stack(logits, -2).float().log_softmax(-1)

    def _inwards(self, x: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """See `Prior._inwards`; the logarithm of a bar's chance stands for the determinant."""
        codes = nearest(self.book, x * self.scale + self.mean)[..., None]
        chances = self._chances(x, context)
        order = chances.argsort(-1, descending=True)
        sorted_chances = chances.gather(-1, order).exp()
        rank = (order == codes).long().argmax(-1, keepdim=True)
        own = sorted_chances.gather(-1, rank)
        middle = (sorted_chances.cumsum(-1).gather(-1, rank) - own / 2).clamp(1e-6, 1 - 1e-6)
        wide = self.book.shape[2]
        points = (math.sqrt(2 / wide) * torch.erfinv(middle)).expand(*middle.shape[:-1], wide).flatten(-2)
        return points, chances.gather(-1, codes)[..., 0].sum(-1)

    def _outwards(self, points: Tensor, context: Tensor) -> Tensor:
        """See `Prior._outwards`."""
        wide = self.book.shape[2]
        falls = torch.erf(points.unflatten(-1, (-1, wide)).sum(-1).abs() / math.sqrt(2 * wide))
        x = points[..., :0]
        for group, head in enumerate(self.heads):
            chances, order = head(torch.cat([x, context], -1)).float().softmax(-1).sort(-1, descending=True)
            place = (chances.cumsum(-1) <= falls[..., group, None]).sum(-1, keepdim=True).clamp(max=chances.shape[-1] - 1)
            row = self.book[group][order.gather(-1, place)[..., 0]]
            own = slice(group * wide, (group + 1) * wide)
            x = torch.cat([x, (row - self.mean[own]) / self.scale[own]], -1)
        return x


def network(bottleneck: str, styles: int, sizes: dict[str, int] | None = None) -> MelodyVae:
    """An autoencoder that has learned nothing, with one of `BOTTLENECKS`."""
    return QuantisedVae(styles, sizes) if bottleneck == VQ else MelodyVae(styles, sizes)


def prior_of(net: MelodyVae) -> Prior:
    """A prior for the latents of `net` that has learned nothing."""
    if isinstance(net, QuantisedVae):
        return CodePrior(net.books.book, net.style.embedding_dim)
    return Prior(net.latent, net.style.embedding_dim)
