"""Gradients of small networks, each with one fault that people make, or none.

    python3 make_foreign_faults.py                 writes foreign-faults.jsonl and right-gradients.jsonl beside this file

A second implementation in numpy, that shares no code with the project. Every case is drawn again from its seed: sizes,
activations, outputs, lambda, the number of examples and how the parameters are laid out. `expected` are the causes that
would be right as the first finding; `a+b` wants both, in any place. Vectors are base64 of little-endian float64."""
import base64, json, os, zlib
import numpy as np

def sigmoid(z): return np.where(z >= 0, 1/(1+np.exp(-np.abs(z))), np.exp(-np.abs(z))/(1+np.exp(-np.abs(z))))
def softmax(z): e = np.exp(z-z.max(1, keepdims=True)); return e/e.sum(1, keepdims=True)
UNITS = {'sigmoid': (sigmoid, lambda a: a*(1-a)), 'tanh': (np.tanh, lambda a: 1-a*a), 'relu': (lambda z: np.maximum(z, 0), lambda a: (a > 0)*1.)}

class Network:
    """Layers of weights inputs x units with the biases in a row before them; cost: data + decay/2 * sum of squared weights."""
    def __init__(s, rng, sizes, unit, output, m, decay=0., scale=1., positive=False, trained=0):
        s.rng, s.sizes, s.unit, s.output, s.m, s.decay = rng, sizes, unit, output, m, decay
        k = sizes[-1]
        classes = max(k, 2)
        y = rng.permutation(np.arange(m) % classes)
        centers = rng.normal(0, 1, (classes, sizes[0]))
        X = centers[y]+rng.normal(0, 1, (m, sizes[0]))
        s.X = (np.abs(X) if positive else X)*scale
        s.Y = (y[:, None]*1. if k == 1 else np.eye(k)[y]) if output != 'linear' else s.X[:, :1]*.5+rng.normal(0, 1, (m, k))
        s.shapes = [(a+1, b) for a, b in zip(sizes, sizes[1:])]
        W = [rng.normal(0, 1/np.sqrt(a-1)/max(scale, 1), (a, b)) for a, b in s.shapes]
        if scale != 1: W[1:] = [rng.normal(0, 1/np.sqrt(a-1), (a, b)) for a, b in s.shapes[1:]]
        for w in W: w[0] = rng.normal(0, .3, w.shape[1])
        s.theta = np.concatenate([w.ravel() for w in W])
        for _ in range(trained if output != "linear" else 0): s.theta = s.theta-.5*s.gradient()
    def split(s, t):
        o, i = [], 0
        for a, b in s.shapes: o.append(t[i:i+a*b].reshape(a, b)); i += a*b
        return o
    def out(s, z): return {'sigmoid': sigmoid, 'softmax': softmax, 'softmax-mse': softmax, 'sigmoid-mse': sigmoid, 'linear': lambda z: z}[s.output](z)
    def forward(s, t, X=None):
        A, W = [s.X if X is None else X], s.split(t)
        for i, w in enumerate(W):
            z = A[-1]@w[1:]+w[0]
            A.append(UNITS[s.unit][0](z) if i < len(W)-1 else z)
        return A
    def loss(s, z, Y=None):
        Y = s.Y if Y is None else Y
        if s.output == 'sigmoid': return (np.logaddexp(0, z)-Y*z).sum()/len(z)
        if s.output == 'softmax': return -(Y*(z-z.max(1, keepdims=True)-np.log(np.exp(z-z.max(1, keepdims=True)).sum(1, keepdims=True)))).sum()/len(z)
        return ((s.out(z)-Y)**2).sum()/2/len(z)
    def penalty(s, t): return s.decay/2*sum((w[1:]**2).sum() for w in s.split(t))
    def cost(s, t): return s.loss(s.forward(t)[-1])+s.penalty(t)
    def delta(s, z, Y):
        a = s.out(z)
        if s.output == 'sigmoid-mse': return (a-Y)*a*(1-a)
        if s.output == 'softmax-mse': return a*((a-Y)-((a-Y)*a).sum(1, keepdims=True))
        return a-Y
    def gradient(s, t=None, X=None, Y=None, delta=None, slope=None, weights=None, bias=None, inputs=None, decay=None, hidden=None, scale=None, rows=None):
        t = s.theta if t is None else t; Y = s.Y if Y is None else Y
        if rows is not None: X, Y = s.X[rows], Y[rows]
        A = s.forward(t, X); W = s.split(t); G = [None]*len(W); m = len(A[0])
        d = (delta or s.delta)(A[-1], Y)
        for l in reversed(range(len(W))):
            g = np.empty_like(W[l]); x = inputs(A[l], l) if inputs else A[l]
            g[1:] = x.T@d/m; g[0] = bias(d, g[1:], m, l) if bias else d.sum(0)/m
            if scale: g = g*scale(l)
            p = s.decay if decay is None else decay
            if callable(p): g = g+p(W[l], l)
            else: g[1:] += p*W[l][1:]
            G[l] = g
            if l:
                w = weights(W[l], l, G) if weights else W[l]
                e = d@w[1:].T
                if hidden: e = hidden(e, A[l], l)
                d = e*(slope or UNITS[s.unit][1])(A[l])
        return np.concatenate([g.ravel() for g in G])
    def lay(s, how):
        """how to write a vector down, and the options that say so"""
        if how == 'first-row': return lambda v: v, dict(shapes=','.join('%dx%d' % x for x in s.shapes))
        if how == 'last-row': return lambda v: np.concatenate([np.r_[w[1:], w[:1]].ravel() for w in s.split(v)]), dict(shapes=','.join('%dx%d' % x for x in s.shapes), bias='last-row')
        if how == 'first-column': return lambda v: np.concatenate([w.T.ravel() for w in s.split(v)]), dict(shapes=','.join('%dx%d' % x[::-1] for x in s.shapes), bias='first-column')
        if how == 'octave': return lambda v: np.concatenate([w.T.ravel('F') for w in s.split(v)]), dict(layout=','.join('Theta%d:%dx%d:first-column:F' % (i+1, b, a) for i, (a, b) in enumerate(s.shapes)))
        if how == 'torch': return lambda v: np.concatenate([q for w in s.split(v) for q in (w[1:].T.ravel(), w[0])]), dict(layout=','.join('w%d:%dx%d,b%d:%d:own-block' % (i, b, a-1, i, b) for i, (a, b) in enumerate(s.shapes)))
        if how == 'separate': return lambda v: np.concatenate([q for w in s.split(v) for q in (w[1:].ravel(), w[0])]), dict(layout=','.join('W%d:%dx%d,b%d:%d:own-block' % (i, a-1, b, i, b) for i, (a, b) in enumerate(s.shapes)))

def central(f, t, eps=1e-4):
    n, t = np.empty(t.size), t.copy()
    for i in range(t.size):
        o = t[i]; t[i] = o+eps; u = f(t); t[i] = o-eps; n[i] = (u-f(t))/(2*eps); t[i] = o
    return n

def draw(rng, unit=None, output=None, depth=None, decay=None, **k):
    unit = unit or rng.choice(['sigmoid', 'tanh', 'relu']); output = output or rng.choice(['sigmoid', 'softmax', 'sigmoid-mse', 'linear', 'sigmoid'])
    depth = rng.integers(1, 4) if depth is None else depth
    last = int(rng.integers(2, 7)) if 'softmax' in output else int(rng.choice([1, 1, 2, 3, 5, 8]))
    sizes = [int(rng.integers(3, 14))]+[int(rng.integers(4, 12)) for _ in range(depth-1)]+[last]
    m = int(rng.integers(20, 120)); lam = float(rng.choice([0, .1, .5, 1, 3])) if decay is None else decay
    n = Network(rng, sizes, unit, output, m, lam/m, positive=bool(rng.integers(0, 2)), trained=int(rng.choice([0, 0, 30])), **k)
    n.lam = lam; return n

def finish(n, rng, a, cost=None, numerical=None, eps=None, how=None, theta=True, J=True, **o):
    eps = eps or (1e-6 if n.unit == 'relu' else 1e-4)
    cost = cost or n.cost
    num = central(cost, n.theta, eps) if numerical is None else numerical
    f, layout = n.lay(how or rng.choice(['first-row', 'first-row', 'last-row', 'first-column', 'octave', 'torch', 'separate']))
    opts = dict(examples=n.m, epsilon=eps, **layout)
    if J: opts['cost'] = float(cost(n.theta))
    if n.lam: opts['lambda'] = n.lam
    opts.update(o)
    return f(a), f(num), f(n.theta) if theta else None, opts

KINDS = {}
def kind(accepted):
    def add(f): KINDS[f.__name__] = (f, accepted); return f
    return add
R = 'no-fault'
MAD = 'missing-activation-derivative'
RIGHT = {}
def right_kind(f): RIGHT[f.__name__] = f; return f
def small(r, **k):
    n = draw(r, **k); return n if n.theta.size < 90 else small(r, **k)
@right_kind
def one_output(r):
    n = small(r, output=r.choice(['sigmoid', 'linear', 'sigmoid-mse']), depth=int(r.integers(1, 3)))
    return finish(n, r, n.gradient()) if n.sizes[-1] == 1 else one_output(r)
@right_kind
def two_outputs(r):
    n = small(r, output=r.choice(['softmax', 'sigmoid', 'linear']), depth=int(r.integers(1, 3)))
    return finish(n, r, n.gradient()) if n.sizes[-1] == 2 else two_outputs(r)
@right_kind
def unscaled_inputs(r):
    n = small(r, unit=r.choice(['tanh', 'sigmoid']), scale=float(r.choice([30., 255., 1000.])), depth=2); n.X = abs(n.X)
    return finish(n, r, n.gradient(), eps=float(r.choice([1e-4, 1e-6])))
@right_kind
def deep_tanh(r):
    n = Network(r, [4, 4, 4, 4, 4, 2], 'tanh', r.choice(['softmax', 'sigmoid']), 40, .5/40); n.lam = .5; n.theta = n.theta*1.5
    return finish(n, r, n.gradient())
@right_kind
def float32(r):
    n = small(r, unit='tanh', depth=2); t = n.theta = n.theta.astype(np.float32); n.X, n.Y = n.X.astype(np.float32), n.Y.astype(np.float32)
    e, num, n.decay = np.float32(1e-3), np.empty_like(t), np.float32(n.decay); c = lambda t: np.float32(n.cost(t.astype(np.float32)))
    for i in range(t.size): o = t[i]; t[i] = o+e; u = c(t); t[i] = o-e; num[i] = (u-c(t))/(2*e); t[i] = o
    return finish(n, r, n.gradient().astype(np.float32), c, numerical=num, eps=1e-3)
@right_kind
def batch_norm(r):
    m, i, h, k = 30, int(r.integers(3, 7)), int(r.integers(3, 6)), 3; X = r.normal(0, 1, (m, i)); Y = np.eye(k)[np.arange(m) % k]
    S = [(i+1)*h, h, h, (h+1)*k]; t = np.r_[r.normal(0, .6, S[0]), r.normal(1, .1, h), r.normal(0, .1, h), r.normal(0, .6, S[3])]
    def f(t, g=False):
        W, ga, be, V = t[:S[0]].reshape(i+1, h), t[S[0]:S[0]+h], t[S[0]+h:S[0]+2*h], t[S[0]+2*h:].reshape(h+1, k)
        z = X@W[1:]+W[0]; v = z.var(0)+1e-5; x = (z-z.mean(0))/np.sqrt(v); a = np.tanh(ga*x+be); p = softmax(a@V[1:]+V[0])
        if not g: return -(Y*np.log(p)).sum()/m
        d = (p-Y)/m; e = (d@V[1:].T)*(1-a*a); q = e*ga; dz = (q-q.mean(0)-x*(q*x).mean(0))/np.sqrt(v)
        return np.concatenate([np.r_[[dz.sum(0)], X.T@dz].ravel(), (e*x).sum(0), e.sum(0), np.r_[[d.sum(0)], a.T@d].ravel()])
    return f(t, True), central(f, t), t, dict(shapes=f'{i+1}x{h},2x{h},{h+1}x{k}', examples=m, epsilon=1e-4, cost=f(t))
@right_kind
def tied(r):
    m, i, h = 30, int(r.integers(4, 9)), int(r.integers(2, 5)); X = sigmoid(r.normal(0, 1, (m, i))); t = r.normal(0, .4, i*h)
    def f(t, g=False):
        W = t.reshape(i, h); a = sigmoid(X@W); o = sigmoid(a@W.T); e = o-X
        if not g: return .5*(e*e).sum()/m
        d = e*o*(1-o); return (d.T@a/m+X.T@((d@W)*a*(1-a))/m).ravel()
    return f(t, True), central(f, t), t, dict(shapes=f'{i}x{h}', bias='none', examples=m, epsilon=1e-4, cost=f(t))
@right_kind
def plain_vector(r):
    n = small(r); a, num, t, o = finish(n, r, n.gradient()); return a, num, t, dict(epsilon=o['epsilon'])

@kind(R)
def right(r): n = draw(r); return finish(n, r, n.gradient())
@kind(R)
def right_without_anything(r): n = draw(r); return finish(n, r, n.gradient(), theta=False, J=False)
@kind(R)
def right_trained_tiny_step(r): n = draw(r, unit='tanh'); n.theta = n.theta; return finish(n, r, n.gradient(), eps=1e-6)
@kind('bias-gradient-wrong')
def bias_one_sum(r): n = draw(r, depth=2); return finish(n, r, n.gradient(bias=lambda d, g, m, l: np.full(d.shape[1], d.sum()/m))) if n.sizes[-1] > 1 else bias_one_sum(r)
@kind('bias-gradient-wrong')
def bias_from_weights(r): n = draw(r); return finish(n, r, n.gradient(bias=lambda d, g, m, l: g.sum(0)))
@kind('bias-gradient-wrong')
def bias_of_first_example(r): n = draw(r); return finish(n, r, n.gradient(bias=lambda d, g, m, l: d[0]))
@kind('bias-gradient-wrong')
def bias_of_first_example_in_last_layer(r): n = draw(r, depth=2); return finish(n, r, n.gradient(bias=lambda d, g, m, l: d[0] if l == 1 else d.sum(0)/m))
@kind('bias-gradient-wrong missing-mean')
def bias_divided_twice(r): n = draw(r); return finish(n, r, n.gradient(bias=lambda d, g, m, l: d.sum(0)/m/m))
@kind('bias-gradient-wrong missing-mean')
def bias_summed(r): n = draw(r); return finish(n, r, n.gradient(bias=lambda d, g, m, l: d.sum(0)))
@kind('bias-gradient-wrong sign-error')
def bias_of_other_sign(r): n = draw(r); return finish(n, r, n.gradient(bias=lambda d, g, m, l: -d.sum(0)/m))
@kind('bias-gradient-missing bias-gradient-wrong')
def bias_zero(r): n = draw(r); return finish(n, r, n.gradient(bias=lambda d, g, m, l: 0*d[0]))
@kind('bias-regularized')
def bias_decayed(r): n = draw(r, decay=1.); return finish(n, r, n.gradient(decay=lambda w, l: n.decay*w))
@kind(MAD)
def slope_missing(r): n = draw(r, depth=int(r.integers(2, 4))); return finish(n, r, n.gradient(slope=lambda a: np.ones_like(a)))
@kind(MAD+' hidden-delta-wrong')
def slope_of_another(r):
    n = draw(r, depth=2, unit=r.choice(['sigmoid', 'tanh'])); o = {'sigmoid': lambda a: 1-a*a, 'tanh': lambda a: a*(1-a)}[n.unit]
    return finish(n, r, n.gradient(slope=o))
@kind(MAD+' hidden-delta-wrong')
def slope_at_z(r):
    n = draw(r, depth=2, unit=r.choice(['sigmoid', 'tanh'])); o = {'sigmoid': lambda a: np.log(a/(1-a))*(1-np.log(a/(1-a))), 'tanh': lambda a: 1-np.arctanh(a)**2}[n.unit]
    return finish(n, r, n.gradient(slope=o))
@kind('hidden-delta-wrong')
def back_through_updated_weights(r): n = draw(r, depth=2); return finish(n, r, n.gradient(weights=lambda w, l, G: w-float(r.choice([1., 3, 10]))*G[l]))
@kind('hidden-delta-wrong')
def back_through_other_matrix(r): n = draw(r, depth=2); v = r.normal(0, .5, 5000); return finish(n, r, n.gradient(weights=lambda w, l, G: v[:w.size].reshape(w.shape)))
@kind('hidden-delta-wrong cost-term-missing')
def sparsity_missing(r):
    n = draw(r, depth=2, unit='sigmoid'); rho, beta = .1, float(r.choice([.5, 3.]))
    def cost(t): p = n.forward(t)[1].mean(0); return n.cost(t)+beta*(rho*np.log(rho/p)+(1-rho)*np.log((1-rho)/(1-p))).sum()
    return finish(n, r, n.gradient(), cost)
@kind('hidden-delta-wrong inputs-differ unknown')
def hidden_mask_in_backward(r):
    n = draw(r, depth=2); k = (r.random((n.m, n.sizes[1])) < .5)*2.
    return finish(n, r, n.gradient(hidden=lambda e, a, l: e*k))
@kind('wrong-output-delta')
def softmax_diagonal(r): n = draw(r, output='softmax'); return finish(n, r, n.gradient(delta=lambda z, Y: (lambda a: -Y*(1-a))(softmax(z))))
@kind('wrong-output-delta')
def softmax_squared_diagonal(r): n = draw(r, output='softmax-mse'); return finish(n, r, n.gradient(delta=lambda z, Y: (lambda a: (a-Y)*a*(1-a))(softmax(z))))
@kind('wrong-output-delta')
def delta_of_squared_error(r): n = draw(r, output='sigmoid'); return finish(n, r, n.gradient(delta=lambda z, Y: (lambda a: (a-Y)*a*(1-a))(sigmoid(z))))
@kind('wrong-output-delta')
def delta_of_cross_entropy(r): n = draw(r, output='sigmoid-mse'); return finish(n, r, n.gradient(delta=lambda z, Y: sigmoid(z)-Y))
@kind('inputs-differ unknown')
def fewer_examples(r): n = draw(r); return finish(n, r, n.gradient(rows=slice(0, int(n.m*.6))))
@kind('inputs-differ')
def inputs_scaled_in_backward(r): n = draw(r, depth=2); return finish(n, r, n.gradient(inputs=lambda x, l: x*.1+.05 if l == 0 else x))
@kind('inputs-differ')
def preactivations_in_backward(r):
    n = draw(r, depth=3, unit=r.choice(['tanh', 'sigmoid'])); f = {'tanh': lambda a: np.arctanh(np.clip(a, -.999999, .999999)), 'sigmoid': lambda a: np.log(a/(1-a))}[n.unit]
    return finish(n, r, n.gradient(inputs=lambda x, l: x if l == 0 else f(x)))
@kind('inputs-differ')
def inputs_normalised_between(r):
    n = draw(r, scale=2.); n.X = n.X+1; return finish(n, r, n.gradient(X=(n.X-n.X.mean(0))/n.X.std(0)))
@kind('gradient-accumulated')
def accumulated(r):
    n = draw(r); h = n.m//2; X, Y = n.X, n.Y; n.m = h; n.X, n.Y = X[:h], Y[:h]; a = n.gradient(); n.X, n.Y = X[h:2*h], Y[h:2*h]
    return finish(n, r, a+n.gradient())
@kind('parameters-differ')
def after_update(r): n = draw(r); t = n.theta-float(r.choice([.1, .3, 1.]))*n.gradient(); return finish(n, r, n.gradient(t))
@kind('cost-not-repeatable')
def dropout_in_cost(r):
    n = draw(r, depth=2); W = n.split
    def cost(t):
        w = W(t); h = UNITS[n.unit][0](n.X@w[0][1:]+w[0][0]); h = h*(r.random(h.shape) < .8)/.8; return n.loss(h@w[1][1:]+w[1][0])+n.penalty(t)
    return finish(n, r, n.gradient(), cost)
@kind('cost-not-repeatable')
def batch_drawn_anew(r):
    n = draw(r); X, Y = n.X, n.Y
    def cost(t): i = r.choice(len(X), max(8, len(X)//4), False); return n.loss(n.forward(t, X[i])[-1], Y[i])+n.penalty(t)
    return finish(n, r, n.gradient(), cost)
@kind('parameters-not-used')
def aliased(r): n = draw(r); return finish(n, r, n.gradient(), numerical=0*n.theta)
@kind('relative-step')
def step_times_theta(r): n = draw(r); g = n.gradient(); return finish(n, r, g, numerical=central(n.cost, n.theta, 1e-6)*n.theta)
@kind('relative-step')
def step_times_one_plus(r): n = draw(r); n.theta = n.theta*2; g = n.gradient(); return finish(n, r, g, numerical=central(n.cost, n.theta, 1e-6)*(1+abs(n.theta)))
@kind('integer-parameters')
def whole_parameters(r):
    n = draw(r); t = r.integers(-2, 3, n.theta.size); num = np.zeros(t.size); n.theta = t*1.
    for i in range(t.size): o = t[i]; t[i] = o+1e-4; u = n.cost(t*1.); t[i] = o-1e-4; num[i] = (u-n.cost(t*1.))/2e-4; t[i] = o
    return finish(n, r, n.gradient(), numerical=num, eps=1e-4)
@kind('integer-gradient')
def whole_gradient(r): n = draw(r, output='linear', scale=3.); n.theta = np.round(n.theta*3); return finish(n, r, np.trunc(n.gradient()))
@kind('single-precision')
def single(r):
    n = draw(r, unit='tanh'); t = n.theta = n.theta.astype(np.float32); n.X, n.Y = n.X.astype(np.float32), n.Y.astype(np.float32); e = np.float32(1e-3); num = np.empty_like(t)
    n.decay = np.float32(n.decay)
    c = lambda t: np.float32(n.cost(t.astype(np.float32)))
    for i in range(t.size): o = t[i]; t[i] = o+e; u = c(t); t[i] = o-e; num[i] = (u-c(t))/(2*e); t[i] = o
    return finish(n, r, n.gradient().astype(np.float32), c, numerical=num, eps=1e-3)
@kind('single-precision')
def single_tiny_step(r):
    n = draw(r); c = lambda t: float(np.float32(n.cost(t))); return finish(n, r, n.gradient(), c, eps=1e-7)
@kind('epsilon-too-small no-fault')
def tiny_step(r): n = draw(r); return finish(n, r, n.gradient(), eps=1e-12)
@kind('epsilon-too-large')
def unscaled(r): n = draw(r, unit=r.choice(['tanh', 'sigmoid']), scale=float(r.choice([100., 400.])), depth=2); n.X = abs(n.X); return finish(n, r, n.gradient(), eps=1e-4)
@kind('epsilon-too-large')
def huge_step(r): n = draw(r, unit='tanh', depth=2); return finish(n, r, n.gradient(), eps=.05)
@kind('perturbation-not-restored')
def not_restored(r):
    n = draw(r); p = n.theta.copy(); b = n.cost(p); num = np.empty_like(p)
    for i in range(p.size): p[i] += 1e-5; num[i] = (n.cost(p)-b)/1e-5
    return finish(n, r, n.gradient(), numerical=num, eps=1e-5, check_method='forward')
@kind('sign-error')
def sign(r): n = draw(r); return finish(n, r, n.gradient(scale=lambda l: -1))
@kind('missing-mean')
def summed(r): n = draw(r); return finish(n, r, n.gradient()*n.m)
@kind('missing-mean')
def summed_in_first(r): n = draw(r, depth=2); return finish(n, r, n.gradient(scale=lambda l: n.m if l == 0 else 1))
@kind('block-scaled')
def factor_in_first(r): n = draw(r, depth=2); return finish(n, r, n.gradient(scale=lambda l: 2 if l == 0 else 1))
@kind('other-function unknown')
def output_for_cost(r): n = draw(r, output='linear'); return finish(n, r, n.gradient(decay=0), lambda t: n.forward(t)[-1].sum()/n.m, J=False)
def penalty(name, factor, accepted, convention, lam_of):
    def f(r):
        n = draw(r, decay=1.); n.decay = convention(n.m); n.lam = 1.
        return finish(n, r, n.gradient(decay=factor*n.decay))
    f.__name__ = name; kind(accepted)(f)
for c, g in (('', lambda m: 1/m), ('_without_m', lambda m: 1.), ('_without_half', lambda m: 2/m), ('_without_both', lambda m: 2.)):
    P = '' if c == '' else ' penalty-convention'
    penalty('penalty_missing'+c, 0, 'missing-regularization'+P+(' regularization-sign' if 'half' in c else ''), g, 0)
    penalty('penalty_doubled'+c, 2, 'regularization-doubled'+P, g, 0)
    penalty('penalty_halved'+c, .5, 'regularization-scaled'+P+(' missing-regularization' if 'half' in c else ''), g, 0)
    penalty('penalty_subtracted'+c, -1, 'regularization-sign regularization-scaled'+P, g, 0)
@kind('regularization-form')
def penalty_value(r): n = draw(r, decay=1.); return finish(n, r, n.gradient(decay=lambda w, l: np.r_[0*w[:1], 0*w[1:]+n.decay/2*(w[1:]**2).sum()]))
@kind('regularization-form cost-term-missing')
def penalty_of_absolutes(r): n = draw(r, decay=3.); return finish(n, r, n.gradient(decay=lambda w, l: np.r_[0*w[:1], n.decay*np.sign(w[1:])]))
@kind('labels-misencoded')
def labels_shifted(r): n = draw(r, output='sigmoid'); n = n if n.sizes[-1] > 2 else None; return finish(n, r, n.gradient(Y=np.roll(n.Y, 1, 1))) if n else labels_shifted(r)
@kind('transposed-block')
def first_by_columns(r): n = draw(r, depth=2); G = n.split(n.gradient()); return finish(n, r, np.concatenate([G[0].ravel('F'), G[1].ravel()]))
@kind('gradient-missing')
def unit_left_out(r): n = draw(r, depth=2); G = n.split(n.gradient()); G[0][:, 1] = 0; return finish(n, r, np.concatenate([g.ravel() for g in G]))
@kind('bias-regularized+labels-misencoded')
def two_bias_and_labels(r):
    n = draw(r, output='sigmoid', decay=1.)
    return finish(n, r, n.gradient(Y=np.roll(n.Y, 1, 1), decay=lambda w, l: n.decay*w)) if n.sizes[-1] > 2 else two_bias_and_labels(r)
@kind(MAD+'+missing-mean')
def two_slope_and_mean(r): n = draw(r, depth=2); return finish(n, r, n.gradient(slope=lambda a: np.ones_like(a), scale=lambda l: n.m if l == 0 else 1))
@kind('regularization-scaled+bias-gradient-wrong')
def two_half_and_bias(r): n = draw(r, depth=2, decay=1.); return finish(n, r, n.gradient(decay=n.decay/2, bias=lambda d, g, m, l: np.full(d.shape[1], d.sum()/m))) if n.sizes[-1] > 1 else two_half_and_bias(r)
@kind('missing-regularization+sign-error')
def two_missing_and_sign(r): n = draw(r, decay=1.); return finish(n, r, n.gradient(decay=0, scale=lambda l: -1))

def line(name, seed, expected, f):
    with np.errstate(all='ignore'): a, n, t, o = f(np.random.default_rng(1000*seed+zlib.crc32(name.encode()) % 997))
    o = {k: v.item() if isinstance(v, np.generic) else v for k, v in o.items()}
    code = lambda v: None if v is None else base64.b64encode(np.asarray(v, '<f8').tobytes()).decode()
    return json.dumps(dict(name=name, seed=seed, expected=expected, analytic=code(a), numerical=code(n), theta=code(t), **o))

if __name__ == '__main__':
    here = os.path.dirname(os.path.abspath(__file__))
    with open(here+'/foreign-faults.jsonl', 'w') as out:
        for name, (f, expected) in KINDS.items():
            for seed in (0, 200): out.write(line(name, seed, expected, f)+'\n')
    with open(here+'/right-gradients.jsonl', 'w') as out:
        for name, f in RIGHT.items():
            for seed in range(300, 328): out.write(line(name, seed, 'no-fault', f)+'\n')
