"""Values and gradients of torch in double precision for test/torch.test.ts: cases as JSON on the standard input, answers on the standard output.

Each case has named inputs; its output is weighted by "weights" and summed, and the gradients are those of all other inputs.
"""
import json
import sys

import torch
import torch.nn.functional as F


def gru(x, input, state, inputBias, stateBias):
    start = torch.zeros(1, x.shape[0], state.shape[0], dtype=x.dtype)
    return torch.gru(x, start, [input.t(), state.t(), inputBias, stateBias], True, 1, 0.0, False, False, True)[0]


def attention(x, qw, qb, kw, kb, vw, vb, ow, ob):
    y, _ = F.multi_head_attention_forward(
        *[x.transpose(0, 1)] * 3, x.shape[2], 2, torch.cat([qw.t(), kw.t(), vw.t()]), torch.cat([qb, kb, vb]), None, None, False, 0.0, ow.t(), ob,
        attn_mask=torch.full((x.shape[1], x.shape[1]), -1e9, dtype=torch.float64).triu(1))
    return y.transpose(0, 1)


def adam(p, g1, g2, g3):
    with torch.enable_grad():
        q = p.detach().clone().requires_grad_(True)
        optimiser = torch.optim.AdamW([q], lr=0.01, weight_decay=0.1)
        for g in (g1, g2, g3):
            q.grad = g.detach().clone()
            torch.nn.utils.clip_grad_norm_([q], 1.5)
            optimiser.step()
    return q.detach() + 0 * (p + g1 + g2 + g3)  # a gradient for every input, though none is compared


SEGMENTS = torch.tensor([2, 0, 2, 1, 2])
LABELS = torch.tensor([2, 0, 3])
CASES = {
    "dense": lambda x, weight, bias: F.linear(x, weight.t(), bias),
    "relu": lambda x: F.relu(x),
    "leakyRelu": lambda x: F.leaky_relu(x),
    "elu": lambda x: F.elu(x),
    "gelu": lambda x: F.gelu(x),
    "silu": lambda x: F.silu(x),
    "softplus": lambda x: F.softplus(x),
    "sigmoid and tanh": lambda x: torch.sigmoid(x) * torch.tanh(x),
    "softmax": lambda x: F.softmax(x, -1),
    "logSoftmax": lambda x: F.log_softmax(x, -1),
    "embedding": lambda table: F.embedding(torch.tensor([[3, 0], [0, 1]]), table),
    "layerNorm": lambda x, scale, shift: F.layer_norm(x, x.shape[-1:], scale, shift),
    "batchNorm": lambda x, scale, shift: F.batch_norm(x, None, None, scale, shift, True),
    "batchNorm of images": lambda x, scale, shift: F.batch_norm(x, None, None, scale, shift, True),
    "conv": lambda x, weight, bias: F.conv2d(x, weight, bias, stride=2, padding=1),
    "convTranspose": lambda x, weight, bias: F.conv_transpose2d(x, weight, bias, stride=2, padding=1),
    "maxPool": lambda x: F.max_pool2d(x, 3, 2, 1),
    "averagePool": lambda x: F.avg_pool2d(x, 2),
    "gru": gru,
    "attention": attention,
    "segment sum": lambda x: torch.zeros(4, x.shape[1], dtype=x.dtype).index_add(0, SEGMENTS, x),
    "segment mean": lambda x: torch.zeros(4, x.shape[1], dtype=x.dtype).index_add(0, SEGMENTS, x) / torch.tensor([[1.0], [1], [3], [1]]),
    "huber": lambda x, y: F.huber_loss(x, y, reduction="none", delta=0.7),
    "normalLoss": lambda mean, logVariance, y: F.gaussian_nll_loss(mean, y, logVariance.exp(), reduction="none", eps=0),
    "laplaceLoss": lambda mean, logScale, y: -torch.distributions.Laplace(mean, logScale.exp()).log_prob(y) - torch.log(torch.tensor(2.0, dtype=torch.float64)),
    "crossEntropy": lambda logits: F.cross_entropy(logits, LABELS, reduction="none"),
    "binaryCrossEntropy": lambda logits, labels: F.binary_cross_entropy_with_logits(logits, labels, reduction="none"),
    "klToStandardNormal": lambda mean, logVariance: torch.distributions.kl_divergence(
        torch.distributions.Normal(mean, (logVariance / 2).exp()), torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))).sum(-1),
    "adam": adam,
}


def answer(name, inputs):
    tensors = {k: torch.tensor(v["values"], dtype=torch.float64).reshape(v["shape"]) for k, v in inputs.items()}
    weights = tensors.pop("weights")
    for t in tensors.values():
        t.requires_grad_(True)
    y = CASES[name](**tensors)
    (y * weights).sum().backward()
    return {"y": y.flatten().tolist(), "gradients": {k: t.grad.flatten().tolist() for k, t in tensors.items()}}


print(json.dumps({name: answer(name, inputs) for name, inputs in json.load(sys.stdin).items()}))
