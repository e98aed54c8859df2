"""The five networks of models.ts in torch: seconds of one training step with Adam, one thread, for each name on the command line.

Reads "name steps" lines on the standard input and answers each with the seconds of that many steps, so that both sides can be
timed in turns.
"""
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
V, T = 64, 64


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [1, 16, 32, 64, 128]
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in zip(sizes, sizes[1:]))
        self.code, self.start = nn.Linear(2048, 64), nn.Linear(32, 2048)
        back = sizes[::-1]
        self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in zip(back, back[1:]))

    def forward(self, x):
        t = x
        for layer in self.down:
            t = F.relu(layer(t))
        mean, log_variance = self.code(t.flatten(1)).chunk(2, 1)
        t = mean + (log_variance / 2).exp() * (torch.rand_like(mean) - 0.5) * 12**0.5
        t = F.relu(self.start(t)).view(-1, 128, 4, 4)
        for i, layer in enumerate(self.up):
            t = layer(t) if i == 3 else F.relu(layer(t))
        kl = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum(1)
        return (F.binary_cross_entropy_with_logits(t, x, reduction="none").sum((1, 2, 3)) + kl).mean()


def next_tokens(logits, tokens):
    return F.cross_entropy(logits[:, :-1].reshape(-1, V), tokens[:, 1:].reshape(-1))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.gru, self.out = nn.Embedding(V, 64), nn.GRU(64, 256, batch_first=True), nn.Linear(256, V)

    def forward(self, tokens):
        return next_tokens(self.out(self.gru(self.tokens(tokens))[0]), tokens)


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.places = nn.Embedding(V, 128), nn.Embedding(T, 128)
        self.blocks = nn.ModuleList(nn.TransformerEncoderLayer(128, 4, 512, 0.0, "gelu", batch_first=True, norm_first=True) for _ in range(2))
        self.norm, self.out = nn.LayerNorm(128), nn.Linear(128, V)
        self.mask = torch.full((T, T), -1e9).triu(1)

    def forward(self, tokens):
        t = self.tokens(tokens) + self.places(torch.arange(T))
        for block in self.blocks:
            t = block(t, self.mask)
        return next_tokens(self.out(self.norm(t)), tokens)


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv2d(3 if i == 0 else 32, 32, 3, 1, 1) for i in range(4))
        self.out = nn.Linear(32, 1)

    def forward(self, x, y):
        for layer in self.layers:
            x = F.relu(layer(x))
        return F.mse_loss(self.out(x.mean((2, 3))), y)


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [290, 512, 512, 256]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.out = nn.Linear(256, 1)

    def forward(self, x, y):
        for layer in self.layers:
            x = F.relu(layer(x))
        return F.mse_loss(self.out(x), y)


tokens = lambda rows: (torch.randint(0, V, (rows, T)),)
MODELS = {
    "perceptron": (Perceptron, (torch.randn(256, 290), torch.randn(256, 1))),
    "autoencoder": (Vae, (torch.rand(32, 1, 64, 64),)),
    "recurrent": (Recurrent, tokens(64)),
    "transformer": (Transformer, tokens(32)),
    "convolutions": (Convolutions, (torch.randn(32, 3, 32, 32), torch.randn(32, 1))),
}
made = {}


def seconds(name, steps):
    if name not in made:
        kind, batch = MODELS[name]
        model = kind()
        made[name] = (model, batch, torch.optim.Adam(model.parameters(), lr=1e-3))
    model, batch, optimiser = made[name]
    start = time.process_time()
    for _ in range(steps):
        optimiser.zero_grad()
        model(*batch).backward()
        optimiser.step()
    return time.process_time() - start


print("torch", torch.__version__, flush=True)
for line in sys.stdin:
    name, steps = line.split()
    print(seconds(name, int(steps)), flush=True)
