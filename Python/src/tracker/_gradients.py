"""Checks of gradients against difference quotients, of functions in numpy, JAX and PyTorch."""

from __future__ import annotations

import inspect
import math
import random
import re
import time
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ._media import base64_text
from ._program import Error, ask

#: A gradient with more parameters is checked at samples.
WHOLE_LIMIT = 10_000
#: So many entries of each block are then checked,
SAMPLES = 200
#: and the derivative along so many random directions.
DIRECTIONS = 4


class Leaf(NamedTuple):
    """A block of parameters."""

    #: Its name.
    name: str
    #: Its shape; empty for a single number.
    shape: Tuple[int, ...]

    @property
    def size(self) -> int:
        """How many parameters it has."""
        return math.prod(self.shape)


class Problem(NamedTuple):
    """A cost and its gradient as functions of one flat vector, whatever they are made with."""

    #: The blocks in the order of the vector.
    leaves: List[Leaf]
    #: The parameters, length n.
    theta: Any
    #: J at a vector.
    cost: Callable[[Any], float]
    #: dJ/dθ at the parameters, length n.
    gradient: Callable[[], Any]
    #: The type that the parameters are computed in, such as ``float32``.
    dtype: str


class GradientCheck:
    """What came of a check. Printed, it says what is wrong; as a truth value, whether the gradient is right.

    Attributes:
        passed: whether all derivatives that were compared agree
        parameters: how many there are
        checked, failed: how many were compared, and how many are off
        max_difference: the largest |analytic − numerical|
        blocks: of each block its name, counts, largest differences and worst entry
        directions: along random directions the claimed derivative, the difference quotient, and whether they agree
        findings: the diagnosis: causes with their likelihood and evidence, likeliest first; none where it passed in a
            run of which another check failed
        run: the number of the run that it is recorded with
        evaluations: how often the cost was evaluated
        seconds: how long it took
    """

    def __init__(self, facts: Mapping[str, Any], findings: List[Dict[str, Any]], **more: Any) -> None:
        self.facts = dict(facts)
        self.blocks: List[Dict[str, Any]] = list(facts["blocks"])
        self.checked: int = facts["checkedCount"]
        self.failed: int = facts["failedCount"]
        self.max_difference = _number(facts["maxAbsoluteDifference"])
        self.max_relative_difference = _number(facts["maxRelativeDifference"])
        self.findings = findings
        self.directions: List[Tuple[float, float, bool]] = more["directions"]
        self.parameters: int = more["parameters"]
        self.run: int = more["run"]
        self.evaluations: int = more["evaluations"]
        self.seconds: float = more["seconds"]
        self.passed: bool = bool(facts["passed"]) and all(agrees for _, _, agrees in self.directions)

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        sampled = f" ({self.checked:,} sampled of {self.parameters:,})" if self.checked < self.parameters else ""
        if self.failed:
            lines = [f"✗ {self.failed:,} of {self.checked:,} derivatives are off, by up to {self.max_difference:.3g}{sampled}"]
        else:
            lines = [f"✓ all {self.checked:,} derivatives agree{sampled}"]
        for block in self.blocks:
            if block["failedCount"]:
                worst = block["worst"]
                place = "" if worst is None else (
                    f"; at [{worst['row']}, {worst['column']}] the gradient says {_number(worst['analytic']):.4g}, "
                    f"the difference quotient {_number(worst['numerical']):.4g}"
                )  # fmt: skip
                lines.append(
                    f"  {block['name']} {block['part']}: {block['failedCount']:,} of {block['checkedCount']:,} off{place}"
                )
        off = [pair for pair in self.directions if not pair[2]]
        if off:
            lines.append(
                f"  along {len(off)} of {len(self.directions)} random directions it is off: the gradient says "
                f"{off[0][0]:.4g}, the difference quotient {off[0][1]:.4g}"
            )
        if not self.passed:
            for finding in self.findings:
                lines.append(f"{finding['cause']} ({round(100 * _number(finding['likelihood']))} % likely)")
                lines.append(f"  {finding['summary']}")
                lines += [f"  · {evidence}" for evidence in finding["evidence"]]
                if finding["confirm"]:
                    lines.append(f"  To confirm: {finding['confirm']}")
        lines.append(f"recorded with run {self.run}; {self.evaluations:,} evaluations in {self.seconds:.1f} s")
        return "\n".join(lines)

    __repr__ = __str__


def check_gradients(
    cost: Callable[..., Any],
    gradient: Any = None,
    theta: Any = None,
    *,
    epsilon: Optional[float] = None,
    method: str = "central",
    tolerance: Optional[float] = None,
    layout: Optional[str] = None,
    shapes: Optional[str] = None,
    bias: Optional[str] = None,
    examples: Optional[int] = None,
    regularization: Optional[float] = None,
    activation: Optional[str] = None,
    cost_form: Optional[str] = None,
    samples: Optional[int] = None,
    seed: int = 0,
    step: int = 0,
    run: Any = None,
    **options: Any,
) -> GradientCheck:
    """Compares a gradient with difference quotients, records the comparison, and says what is likely wrong.

    Args:
        cost: J(θ). It is given what ``theta`` is: an array, a list, tuple or dictionary of arrays, a tree of JAX, a module
            or a list of tensors of PyTorch; with PyTorch it may also take nothing and read the parameters where they are.
            Where ``gradient`` is ``True`` it returns J and dJ/dθ.
        gradient: dJ/dθ as a function, or its value, of the form of ``theta``; ``True`` if the cost returns it; ``None`` for
            what JAX or PyTorch derive
        theta: the parameters at which the check is made
        epsilon: the step; by default 1e-4, and 1e-2 where the parameters are float32
        method: ``central`` or ``forward`` differences
        tolerance: how far two derivatives may differ; by default tracker's own
        layout: for one flat vector, its blocks: ``W1:25x64,b1:25:own-block``, as in ``tracker check --layout``
        shapes, bias: the same for layers whose biases are rows of their matrices: ``65x100,101x10`` and ``first-row``
        examples: m, the number of examples that the cost is a mean over
        regularization: λ of a penalty λ/2m Σ θ²
        activation, cost_form: ``sigmoid``, ``relu`` …; ``cross-entropy``, ``mse`` …: some causes depend on them
        samples: entries of each block that are checked; by default all up to 10,000 parameters, and 200 beyond
        seed: of the choice of entries and directions
        step: the training step at which the check is made
        run: the run; by default the newest that goes on, else a new one
        options: what a new run is started with: see :func:`tracker.init`

    Raises:
        Error: the arguments do not fit each other, or the cost is not a number.
    """
    import numpy

    if method not in ("central", "forward"):
        raise Error(f'method cannot be {method!r}\nIt is "central" or "forward".')
    if not callable(cost):
        raise Error(f"the cost is {_described(cost)}, no function\nThe order is cost, gradient, theta.")
    for name, value in {"epsilon": epsilon, "tolerance": tolerance, "samples": samples, "examples": examples}.items():
        _require_positive(name, value)
    if theta is None and gradient is not None and not callable(gradient) and gradient is not True:
        gradient, theta = None, gradient
    if isinstance(theta, Iterator):
        # As model.parameters() gives them.
        theta = list(theta)
    if theta is None:
        raise Error("there is no theta: the parameters at which the gradient is checked")
    began = time.monotonic()
    problem = _problem(cost, gradient, theta)
    point = problem.theta
    count = int(point.size)
    _require_finite(point, problem.leaves)
    if epsilon is None:
        epsilon = 1e-2 if problem.dtype == "float32" else 1e-4
    evaluations = 0

    def evaluate(vector: Any) -> float:
        nonlocal evaluations
        evaluations += 1
        value = problem.cost(vector)
        try:
            return float(value)
        except (TypeError, ValueError):
            raise Error(f"the cost is {_described(value)}, not one number\nReturn a sum or a mean, a real number.") from None

    def quotient(direction: Any, size: float) -> float:
        upper = evaluate(point + size * direction)
        if method == "forward":
            return (upper - costs[0]) / size
        return (upper - evaluate(point - size * direction)) / (2 * size)

    # Twice at one place: a cost that is another each time (dropout, shuffled data) cannot be differentiated.
    costs = [evaluate(point.copy()), evaluate(point.copy())]
    claimed = problem.gradient()
    if claimed.size != count:
        raise Error(f"the gradient has another size than theta: {claimed.size} entries for {count}\nIt has the form of theta.")
    leaves = problem.leaves
    is_whole = samples is None and count <= WHOLE_LIMIT
    places, parts = _places(leaves, None if is_whole else samples or SAMPLES, seed)
    unit = numpy.zeros(count)

    def quotients(size: float) -> Any:
        result = numpy.empty(len(places))
        for position, place in enumerate(places):
            unit[place] = 1
            result[position] = quotient(unit, size)
            unit[place] = 0
        return result

    numerical = quotients(epsilon)
    analytic = claimed[places]
    limit = tolerance if tolerance is not None else 1e-6 if problem.dtype == "float64" else 1e-3
    # Only where it is needed to tell why: a second step tells rounding from truncation.
    differences = numpy.abs(analytic - numerical)
    second = quotients(2 * epsilon) if not bool((differences <= limit + 1e-4 * abs(analytic)).all()) else None

    directions: List[Tuple[float, float, bool]] = []
    if not is_whole:
        generator = numpy.random.default_rng(seed)
        for _ in range(DIRECTIONS):
            direction = generator.standard_normal(count)
            direction /= numpy.linalg.norm(direction)
            told, found = float(claimed @ direction), quotient(direction, epsilon * math.sqrt(count))
            agrees = abs(told - found) <= limit * 10 + 1e-2 * max(abs(told), abs(found))
            directions.append((told, found, agrees))

    if not is_whole or layout is None and shapes is None:
        layout = ",".join(f"{part.name}:{'x'.join(map(str, part.shape or (1,)))}" for part in parts)
    request: Dict[str, Any] = {
        "request": "check",
        "epsilon": epsilon,
        "method": method,
        "tolerance": tolerance if tolerance is not None or problem.dtype == "float64" else limit,
        "layout": layout,
        "shapes": shapes if is_whole and layout is None else None,
        "bias": bias if is_whole and layout is None else None,
        "examples": examples,
        "lambda": regularization,
        "activation": activation,
        "costForm": cost_form,
        "costs": costs,
        "step": step,
        "seconds": time.monotonic() - began,
        "analyticType": str(claimed.dtype),
        "parametersType": problem.dtype,
        "secondEpsilon": 2 * epsilon,
    }
    vectors = {"analytic": analytic, "numerical": numerical, "theta": point[places], "secondNumerical": second}
    facts, number, store = _record(request, vectors, run, options)
    findings: List[Dict[str, Any]] = ask(["diagnose", str(number)], store)["findings"]
    # What is diagnosed is the last check that failed, which may be another one of the run.
    if facts["passed"] and not all(check["passed"] for check in ask(["show", str(number)], store)["gradientChecks"]):
        findings = []
    return GradientCheck(
        facts,
        findings,
        directions=directions,
        parameters=count,
        run=number,
        evaluations=evaluations,
        seconds=time.monotonic() - began,
    )


def _record(
    request: Dict[str, Any], vectors: Mapping[str, Any], run: Any, options: Dict[str, Any]
) -> Tuple[Dict[str, Any], int, Optional[str]]:
    """Records a check with a run; what the store has of it, and the run."""
    import numpy

    from . import _run

    target = run if run is not None else _run.newest
    is_own = target is None or target.ended is not None
    if is_own:
        target = _run.init(**{"name": "gradient check", "system_metrics": False, **options})
    assert target is not None
    for name, vector in vectors.items():
        if vector is not None:
            request[name] = base64_text(numpy.asarray(vector, "<f8").tobytes())
    try:
        answer = target._ask({key: value for key, value in request.items() if value is not None})
    except Error as error:
        if is_own:
            target.finish(error=str(error))
        raise
    if is_own:
        target.finish()
    if not answer or target.id is None:
        raise Error("the check is not recorded")
    return answer["check"], target.id, target.store


def _places(leaves: Sequence[Leaf], samples: Optional[int], seed: int) -> Tuple[List[int], List[Leaf]]:
    """Which entries of the flat vector are checked, and the blocks that they make."""
    places: List[int] = []
    parts: List[Leaf] = []
    chance = random.Random(seed)
    start = 0
    for leaf in leaves:
        if samples is None or leaf.size <= samples:
            places += range(start, start + leaf.size)
            parts.append(leaf)
        else:
            places += sorted(chance.sample(range(start, start + leaf.size), samples))
            parts.append(Leaf(leaf.name, (samples,)))
        start += leaf.size
    return places, parts


def _number(value: Any) -> Any:
    from ._reading import number

    return number(value)


def _described(value: Any) -> str:
    """What a value is, as an error says it."""
    if value is None:
        return "None"
    shape = getattr(value, "shape", None)
    if shape is not None:
        return f"{getattr(value, 'dtype', type(value).__name__)} of shape {tuple(shape)}"
    return f"a {type(value).__name__}"


def _require_positive(name: str, value: Any) -> None:
    if value is None:
        return
    try:
        if value > 0 and math.isfinite(value):
            return
    except TypeError:
        pass
    raise Error(f"{name} cannot be {value!r}\nIt is a number above 0.")


def _require_finite(point: Any, leaves: Sequence[Leaf]) -> None:
    import numpy

    if point.size == 0:
        raise Error("theta has no parameters")
    places = numpy.flatnonzero(~numpy.isfinite(point))
    if places.size:
        start = 0
        for leaf in leaves:
            if places[0] < start + leaf.size:
                raise Error(
                    f"{leaf.name} is not finite: its entry {places[0] - start} is {point[places[0]]}\n"
                    "Check the gradient at parameters that are numbers."
                )
            start += leaf.size


def _require_real(name: str, dtype: Any) -> None:
    """Refuses what has no derivative, or too few digits for a difference quotient."""
    kind = str(dtype).replace("torch.", "")
    if "complex" in kind:
        raise Error(
            f"{name} holds {kind}, no real numbers\n"
            "Check real and imaginary parts as two arrays (torch.view_as_real(z), z.real and z.imag)."
        )
    if kind in ("float16", "bfloat16") or "float8" in kind:
        raise Error(
            f"{name} holds {kind}, which has too few digits for difference quotients\n"
            "Check the same code in float64 (model.double(), x.double()) or float32."
        )
    if not re.match(r"u?int|float", kind):
        raise Error(f"{name} holds {kind}, no real numbers")


def _claimed(name: str, value: Any) -> Any:
    """A part of what a gradient returned, as one flat array."""
    import numpy

    if value is None:
        raise Error(f"the gradient of {name} is None\nReturn dJ/dθ, of the form of theta.")
    array = numpy.asarray(value)
    if array.dtype.kind not in "fiub" and not str(array.dtype).startswith("bfloat"):
        raise Error(f"the gradient of {name} holds {array.dtype}, no real numbers\nReturn dJ/dθ, of the form of theta.")
    return array.reshape(-1)


def _of_keys(value: Mapping[Any, Any], keys: Sequence[Any]) -> List[Any]:
    """The parts of a gradient in the order of theta's."""
    missing = [key for key in keys if key not in value]
    if missing:
        raise Error(f"the gradient has no {missing[0]!r}\nIt has {', '.join(map(repr, value)) or 'nothing'}.")
    return [value[key] for key in keys]


def _pair(value: Any) -> Tuple[Any, Any]:
    """J and dJ/dθ of a cost that returns both."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise Error(f"gradient is True, and the cost returns {_described(value)}\nReturn cost, gradient.")
    return value[0], value[1]


def _block_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_./-]", "_", name) or "theta"


# What the functions are made with


def _problem(cost: Callable[..., Any], gradient: Any, theta: Any) -> Problem:
    kinds = {base.__module__.split(".")[0] for base in type(theta).__mro__}
    leaves = list(theta.values()) if isinstance(theta, Mapping) else theta
    inner = leaves if isinstance(leaves, (list, tuple)) else [theta]
    inner_kinds = {base.__module__.split(".")[0] for leaf in inner for base in type(leaf).__mro__}
    if "torch" in kinds | inner_kinds:
        return _torch_problem(cost, gradient, theta)
    if gradient is None or {"jax", "jaxlib"} & (kinds | inner_kinds):
        return _jax_problem(cost, gradient, theta)
    return _numpy_problem(cost, gradient, theta)


def _numpy_problem(cost: Callable[..., Any], gradient: Any, theta: Any) -> Problem:
    import numpy

    if isinstance(theta, Mapping):
        names, arrays = [str(key) for key in theta], [numpy.asarray(value) for value in theta.values()]
    elif isinstance(theta, (list, tuple)) and any(numpy.ndim(value) for value in theta):
        names = [f"theta{place + 1}" for place in range(len(theta))]
        arrays = [numpy.asarray(value) for value in theta]
    else:
        names, arrays = ["theta"], [numpy.asarray(theta)]
    for name, array in zip(names, arrays):
        _require_real(name, array.dtype)

    def structured(vector: Any) -> Any:
        parts, start = [], 0
        for array in arrays:
            # In their own type: what the program computes in is what is checked.
            kind = array.dtype if array.dtype.kind == "f" else numpy.float64
            parts.append(vector[start : start + array.size].reshape(array.shape).astype(kind))
            start += array.size
        if isinstance(theta, Mapping):
            return dict(zip(theta, parts))
        if len(arrays) > 1 or isinstance(theta, (list, tuple)) and names == ["theta1"]:
            return type(theta)(parts) if type(theta) in (list, tuple) else parts
        return parts[0]

    def flat(value: Any) -> Any:
        if isinstance(value, Mapping) and isinstance(theta, Mapping):
            value = _of_keys(value, list(theta))
        if isinstance(value, (list, tuple)) and len(value) == len(names):
            return numpy.concatenate([_claimed(name, part) for name, part in zip(names, value)])
        return _claimed("theta", value)

    point = numpy.concatenate([array.reshape(-1).astype(numpy.float64) for array in arrays])

    def value(vector: Any) -> Any:
        result = cost(structured(vector))
        result = _pair(result)[0] if gradient is True else result
        return result.reshape(()) if isinstance(result, numpy.ndarray) and result.size == 1 else result

    def claim() -> Any:
        if gradient is True:
            return flat(_pair(cost(structured(point)))[1])
        return flat(gradient(structured(point)) if callable(gradient) else gradient)

    dtype = next((str(array.dtype) for array in arrays if array.dtype.kind == "f"), "float64")
    return Problem(
        [Leaf(_block_name(name), array.shape) for name, array in zip(names, arrays)], point, value, claim, dtype
    )


def _jax_problem(cost: Callable[..., Any], gradient: Any, theta: Any) -> Problem:
    try:
        import jax
    except ImportError:
        raise Error("there is no gradient\nGive the function that computes it, or parameters of JAX or PyTorch.") from None
    import numpy

    from .integrations.jax import name

    paths, structure = jax.tree_util.tree_flatten_with_path(theta)
    arrays = [jax.numpy.asarray(leaf) for _, leaf in paths]
    if not arrays:
        raise Error("theta has no parameters")
    names = [_block_name(name(path)) for path, _ in paths]
    for label, array in zip(names, arrays):
        _require_real(label, array.dtype)
        if gradient is None and array.dtype.kind != "f":
            raise Error(f"{label} holds {array.dtype}, and JAX derives floating point alone\nGive floats as theta.")
    point = numpy.concatenate([numpy.asarray(array, numpy.float64).reshape(-1) for array in arrays])

    def tree(vector: Any) -> Any:
        parts, start = [], 0
        for array in arrays:
            part = vector[start : start + array.size].reshape(array.shape)
            parts.append(jax.numpy.asarray(part, array.dtype))
            start += array.size
        return jax.tree_util.tree_unflatten(structure, parts)

    def flat(value: Any) -> Any:
        told = jax.tree_util.tree_leaves(value, is_leaf=lambda leaf: leaf is None)
        return numpy.concatenate([_claimed(label, leaf) for label, leaf in zip(names + ["theta"] * len(told), told)])

    def value(vector: Any) -> Any:
        result = cost(tree(vector))
        return _pair(result)[0] if gradient is True else result

    def claim() -> Any:
        if gradient is True:
            return flat(_pair(cost(tree(point)))[1])
        if gradient is not None:
            return flat(gradient(tree(point)) if callable(gradient) else gradient)
        try:
            return flat(jax.grad(cost)(tree(point)))
        except jax.errors.JAXTypeError as error:
            raise Error(
                "JAX cannot derive this cost: numpy's functions and float() are none of JAX\n"
                "Give the gradient, or write the cost with jax.numpy."
            ) from error

    leaves = [Leaf(label, tuple(array.shape)) for label, array in zip(names, arrays)]
    return Problem(leaves, point, value, claim, str(arrays[0].dtype))


def _torch_problem(cost: Callable[..., Any], gradient: Any, theta: Any) -> Problem:
    import numpy
    import torch

    if isinstance(theta, torch.nn.Module):
        named: List[Tuple[str, Any]] = [(n, p) for n, p in theta.named_parameters() if p.requires_grad]
    elif isinstance(theta, Mapping):
        named = [(str(key), value) for key, value in theta.items()]
    else:
        tensors = [theta] if isinstance(theta, torch.Tensor) else list(theta)
        named = [(f"theta{place + 1}" if len(tensors) > 1 else "theta", t) for place, t in enumerate(tensors)]
    if not named:
        raise Error("theta has no parameters\nOf a module, those with requires_grad are checked.")
    for label, tensor in named:
        _require_real(label, tensor.dtype)
        if not tensor.is_floating_point():
            raise Error(f"{label} holds {tensor.dtype}, and PyTorch derives floating point alone\nGive it as .double().")
        if any(size > 1 and stride == 0 for size, stride in zip(tensor.shape, tensor.stride())):
            raise Error(f"{label} is an expanded tensor: several of its entries are one number\nGive it as .clone().")
        tensor.requires_grad_(True)
    first = named[0][1]

    def flat(tensors: Sequence[Any]) -> Any:
        parts = [t.detach().cpu().float() if getattr(t, "dtype", None) == torch.bfloat16 else t for t in tensors]
        parts = [t.detach().cpu().numpy() if isinstance(t, torch.Tensor) else t for t in parts]
        labels = [label for label, _ in named] + ["theta"] * len(parts)
        return numpy.concatenate([_claimed(label, part) for label, part in zip(labels, parts)])

    point = flat([tensor for _, tensor in named]).astype(numpy.float64)

    def put(vector: Any) -> None:
        start = 0
        with torch.no_grad():
            for _, tensor in named:
                part = vector[start : start + tensor.numel()].reshape(tuple(tensor.shape))
                tensor.copy_(torch.as_tensor(part, dtype=tensor.dtype))
                start += tensor.numel()

    def call(function: Callable[..., Any]) -> Any:
        return function(theta) if _takes_argument(function) else function()

    def value(vector: Any) -> Any:
        put(vector)
        try:
            # Some costs derive on their way, so gradients stay on.
            result = call(cost)
            result = _pair(result)[0] if gradient is True else result
            result = result.detach() if isinstance(result, torch.Tensor) else result
            return result.item() if isinstance(result, torch.Tensor) and result.numel() == 1 else result
        finally:
            put(point)

    def claim() -> Any:
        put(point)
        if gradient is not None:
            told = _pair(call(cost))[1] if gradient is True else call(gradient) if callable(gradient) else gradient
            if isinstance(told, Mapping):
                told = _of_keys(told, [label for label, _ in named])
            return flat(list(told) if isinstance(told, (list, tuple, Iterator)) else [told])
        result = call(cost)
        if not isinstance(result, torch.Tensor) or not result.requires_grad:
            raise Error(
                "PyTorch cannot derive the cost: it does not come from theta by PyTorch's operations\n"
                "Return the tensor itself, without .item(), .detach(), torch.no_grad() or numpy; or give the gradient."
            )
        found = torch.autograd.grad(result, [tensor for _, tensor in named], allow_unused=True)
        return flat([torch.zeros_like(t) if g is None else g for g, (_, t) in zip(found, named)])

    leaves = [Leaf(_block_name(name), tuple(tensor.shape)) for name, tensor in named]
    return Problem(leaves, point, value, claim, str(first.dtype).replace("torch.", ""))


def _takes_argument(function: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return True
    return any(
        p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty for p in parameters
    ) or any(p.kind == p.VAR_POSITIONAL for p in parameters)
