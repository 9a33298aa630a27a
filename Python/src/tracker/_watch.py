"""What goes on in the layers of a model: norms of gradients, weights and updates, and activations.

The names are those that ``tracker diagnose`` reads: ``gradients/<layer>/norm`` and ``/nonfinite``, ``weights/<layer>/norm``,
``updates/<layer>/ratio`` (the norm of a step's change by that of the weights), ``activations/<layer>/zero`` and ``/saturated``
(shares, 0…1).
"""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ._program import Error
from ._session import tell

#: An output of a sigmoid this near to 0 or 1 is saturated, and one of tanh this near to −1 or 1 twice as far away.
SATURATED = 0.01


def watch(model: Any, run: Any = None, every: int = 100, data: Any = None, **others: Any) -> Any:
    """Records what goes on in a model's layers, every so many steps. It never ends a training.

    Args:
        model: a module of PyTorch; a model of Keras; or the parameters of a JAX model, a tree of arrays
        run: the run; by default the newest
        every: how many training steps lie between two looks
        data: for Keras, a few inputs on which activations are looked at
        others: options of W&B: ``log_freq`` means ``every``, the others are ignored

    Returns:
        for PyTorch an object whose ``close()`` ends it; for Keras a callback for ``fit``; for JAX a function to be called
        once a step: ``watching(params, grads, new_params)``
    """
    from . import _run

    target = run if run is not None else _run.newest
    if target is None:
        raise Error("there is no run\nStart one with tracker.init().")
    every = int(others.get("log_freq") or every)
    if every < 1:
        raise Error(f"every is at least 1, not {every}")
    kinds = {base.__module__.split(".")[0] for base in type(model).__mro__}
    # On Keras' backend of PyTorch a model is a module, too.
    if "keras" in kinds:
        return _keras(model, target, every, data)
    if "torch" in kinds:
        return _Torch(model, target, every)
    return _Tree(target, every)


def _log(run: Any, values: Mapping[str, Any]) -> None:
    if values and run.ended is None:
        run.log(values, step=run._last, commit=run.step > run._last)


class _Quiet:
    """Looking at a training does not end it."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Optional[BaseException], trace: Any) -> bool:
        if isinstance(error, Exception):
            tell(f"warning: watch: {type(error).__name__}: {error}")
            return True
        return False


# PyTorch


class _Torch:
    """Looks during every ``every``-th pass in training.

    At activations as they come, at gradients when they are complete, and at the next pass how far the weights have gone.
    """

    def __init__(self, model: Any, run: Any, every: int) -> None:
        self._run = run
        self._every = every
        self._model = model
        self._passes = 0
        self._is_looking = False
        self._figures: Dict[str, Any] = {}
        self._before: Dict[str, List[Any]] = {}
        self._layers = {
            name or type(model).__name__: layer
            for name, layer in model.named_modules()
            if any(True for _ in layer.parameters(recurse=False))
        }
        # By parameter: the norm of its gradient, and how much of it is not finite. Loops clear gradients before the next
        # pass, so they are looked at when they are complete.
        self._gradients: Dict[int, Tuple[Any, Any]] = {}
        self._handle = model.register_forward_pre_hook(self._begin)
        self._looking: List[Any] = []

    def close(self) -> None:
        """Ends it, with what was seen of the last step."""
        self._end()
        self._handle.remove()

    def _parameters(self, layer: Any) -> List[Any]:
        return [p for p in layer.parameters(recurse=False) if p.requires_grad]

    def _begin(self, model: Any, inputs: Any) -> None:
        with _Quiet():
            # Several passes before one step of the optimiser, and evaluations, are no steps.
            if not model.training:
                return
            self._end()
            self._is_looking = self._passes % self._every == 0
            self._passes += 1
            if self._is_looking:
                self._look()
                self._before = {
                    name: [p.detach().clone() for p in self._parameters(layer)]
                    for name, layer in self._layers.items()
                }

    def _look(self) -> None:
        """Hooks are there for the pass that is looked at alone: the others cost nothing."""
        for parameter in self._model.parameters():
            if parameter.requires_grad:
                self._looking.append(parameter.register_post_accumulate_grad_hook(self._see_gradient))
        for name, layer in self._model.named_modules():
            if not any(True for _ in layer.children()):
                self._looking.append(layer.register_forward_hook(self._activation(name or type(layer).__name__)))

    def _see_gradient(self, parameter: Any) -> None:
        if not self._is_looking:
            return
        with _Quiet():
            import torch

            gradient = parameter.grad.detach()
            # What is not finite less itself is NaN, which is not zero: several times as fast as isfinite.
            self._gradients[id(parameter)] = (_norm([gradient]), torch.count_nonzero(gradient - gradient))

    def _activation(self, name: str) -> Callable[..., None]:
        import torch

        kinds = {
            torch.nn.Sigmoid: lambda y: (y < SATURATED) | (y > 1 - SATURATED),
            torch.nn.Tanh: lambda y: y.abs() > 1 - 2 * SATURATED,
            torch.nn.Hardtanh: lambda y: y.abs() >= 1,
            torch.nn.Hardsigmoid: lambda y: (y <= 0) | (y >= 1),
        }

        def see(layer: Any, inputs: Any, output: Any) -> None:
            if not self._is_looking or not isinstance(output, torch.Tensor):
                return
            with _Quiet(), torch.no_grad():
                y = output.detach()
                self._figures[f"activations/{name}/zero"] = (y == 0).float().mean()
                saturated = kinds.get(type(layer))
                if saturated is not None:
                    self._figures[f"activations/{name}/saturated"] = saturated(y).float().mean()

        return see

    def _end(self) -> None:
        if not self._is_looking:
            return
        self._is_looking = False
        for handle in self._looking:
            handle.remove()
        self._looking = []
        with _Quiet():
            import torch

            with torch.no_grad():
                figures, self._figures = self._figures, {}
                before, self._before = self._before, {}
                gradients, self._gradients = self._gradients, {}
                for name, layer in self._layers.items():
                    now = self._parameters(layer)
                    if not now:
                        continue
                    seen = [gradients[id(p)] for p in now if id(p) in gradients]
                    if seen:
                        figures[f"gradients/{name}/norm"] = _norm([norm for norm, _ in seen])
                        figures[f"gradients/{name}/nonfinite"] = sum(bad for _, bad in seen)
                    norm = _norm(before[name])
                    figures[f"weights/{name}/norm"] = norm
                    change = _norm([after - was for after, was in zip(now, before[name])])
                    figures[f"updates/{name}/ratio"] = change / norm
                # One transfer from the device for all.
                keys = list(figures)
                values = torch.stack([torch.as_tensor(figures[key]).float().cpu() for key in keys]).tolist()
                _log(self._run, dict(zip(keys, values)))


def _norm(tensors: List[Any]) -> Any:
    import torch

    norms = torch.stack([torch.linalg.vector_norm(t.detach().float()) for t in tensors])
    return torch.linalg.vector_norm(norms)


# Trees of arrays: JAX, and anything that numpy understands


class _Tree:
    """To be called once a step with the parameters, their gradients, and the parameters after the step."""

    def __init__(self, run: Any, every: int) -> None:
        self._run = run
        self._every = every
        self._calls = 0
        self._measure: Optional[Callable[..., Any]] = None

    def __call__(
        self,
        params: Any,
        grads: Any = None,
        new_params: Any = None,
        activations: Optional[Mapping[str, Any]] = None,
    ) -> None:
        """Looks, if it is the turn of this step.

        Args:
            params: the parameters, a tree
            grads: their gradients, a tree of the same form
            new_params: the parameters after the step
            activations: outputs by layer
        """
        look = self._calls % self._every == 0
        self._calls += 1
        if not look:
            return
        with _Quiet():
            import jax

            if self._measure is None:
                self._measure = jax.jit(_measure)
            figures = jax.device_get(self._measure(params, grads, new_params, dict(activations or {})))
            _log(self._run, {key: float(value) for key, value in figures.items()})

    def close(self) -> None:
        """Nothing is left to do."""


def _measure(params: Any, grads: Any, new_params: Any, activations: Any) -> Dict[str, Any]:
    import jax.numpy as jnp

    before = _layers(params)
    figures: Dict[str, Any] = {}
    norms = {layer: _tree_norm(leaves) for layer, leaves in before.items()}
    for layer, norm in norms.items():
        figures[f"weights/{layer}/norm"] = norm
    if grads is not None:
        for layer, leaves in _layers(grads).items():
            figures[f"gradients/{layer}/norm"] = _tree_norm(leaves)
            figures[f"gradients/{layer}/nonfinite"] = sum(jnp.sum(~jnp.isfinite(leaf)) for leaf in leaves)
    if new_params is not None:
        for layer, leaves in _layers(new_params).items():
            change = _tree_norm([after - was for after, was in zip(leaves, before[layer])])
            figures[f"updates/{layer}/ratio"] = change / norms[layer]
    for layer, output in activations.items():
        figures[f"activations/{layer}/zero"] = jnp.mean(output == 0)
    return figures


def _tree_norm(leaves: List[Any]) -> Any:
    import jax.numpy as jnp

    return jnp.sqrt(sum(jnp.sum(jnp.square(jnp.abs(leaf).astype(jnp.float32))) for leaf in leaves))


def _layers(tree: Any) -> Dict[str, List[Any]]:
    """The leaves by layer: a layer is what leaves are under, so that a kernel and a bias are one."""
    import jax

    from .integrations.jax import name

    layers: Dict[str, List[Any]] = {}
    for path, leaf in jax.tree_util.tree_flatten_with_path(tree)[0]:
        layers.setdefault(name(path[:-1]) if len(path) > 1 else name(path), []).append(leaf)
    return layers


# Keras


def _keras(model: Any, run: Any, every: int, data: Any) -> Any:
    import keras
    import numpy

    class Watching(keras.callbacks.Callback):  # type: ignore[misc]
        """Looks after every ``every``-th batch."""

        def __init__(self) -> None:
            super().__init__()
            self.batches = 0
            self.before: Optional[Dict[str, List[Any]]] = None
            self.outputs: Any = None
            self.gradients: Dict[str, Tuple[float, float]] = {}

        def set_model(self, model: Any) -> None:
            """Sees gradients on their way to the optimiser, where the backend lets them be seen."""
            super().set_model(model)
            with _Quiet():
                # Steps are counted as the optimiser counts them, also in a second fit.
                self.batches = int(model.optimizer.iterations)
                if keras.backend.backend() == "jax":
                    _see_gradients(model, self, every)

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            """Keeps the weights before the batch that is looked at."""
            if self.batches % every == 0:
                with _Quiet():
                    self.before = self._weights()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            """Records how they have changed."""
            self.batches += 1
            if self.before is None:
                return
            with _Quiet():
                figures: Dict[str, float] = {}
                for name, after in self._weights().items():
                    norm = _numpy_norm(self.before[name])
                    change = _numpy_norm([a - b for a, b in zip(after, self.before[name])])
                    figures[f"weights/{name}/norm"] = norm
                    figures[f"updates/{name}/ratio"] = change / norm if norm else math.nan
                if keras.backend.backend() == "jax":
                    _wait_for_gradients()
                gradients, self.gradients = self.gradients, {}
                for name, (norm, nonfinite) in gradients.items():
                    figures[f"gradients/{name}/norm"] = norm
                    figures[f"gradients/{name}/nonfinite"] = nonfinite
                if data is not None:
                    figures.update(self._activations())
                self.before = None
                _log(run, figures)

        def _weights(self) -> Dict[str, List[Any]]:
            # While fit runs on JAX, the model's own variables are brought up to date now and then only.
            sync = getattr(self.model, "jax_state_sync", None)
            if sync is not None:
                sync()
            return {
                layer.name: [keras.ops.convert_to_numpy(v).astype(numpy.float32) for v in layer.trainable_variables]
                for layer in self.model._flatten_layers(include_self=False)
                if layer.trainable_variables and not getattr(layer, "layers", None)
            }

        def _activations(self) -> Dict[str, float]:
            if self.outputs is None:
                layers = [layer for layer in self.model.layers if not isinstance(layer, keras.layers.InputLayer)]
                self.outputs = (layers, keras.Model(self.model.inputs, [layer.output for layer in layers]))
            layers, outputs = self.outputs
            values = outputs(data, training=False)
            figures: Dict[str, float] = {}
            for layer, value in zip(layers, values if isinstance(values, (list, tuple)) else [values]):
                y = keras.ops.convert_to_numpy(value)
                figures[f"activations/{layer.name}/zero"] = float((y == 0).mean())
                kind = getattr(getattr(layer, "activation", None), "__name__", "")
                if kind == "sigmoid":
                    figures[f"activations/{layer.name}/saturated"] = float(
                        ((y < SATURATED) | (y > 1 - SATURATED)).mean()
                    )
                elif kind == "tanh":
                    figures[f"activations/{layer.name}/saturated"] = float((abs(y) > 1 - 2 * SATURATED).mean())
            return figures

    return Watching()


def _see_gradients(model: Any, watching: Any, every: int) -> None:
    """Has the optimiser tell the gradients' norms by layer from inside the compiled step (Keras on JAX).

    They are computed in every ``every``-th step alone.
    """
    import jax
    import jax.numpy as jnp

    optimizer = model.optimizer
    seen_before = getattr(optimizer.stateless_apply, "_tracker", None)
    if seen_before is not None and seen_before["every"] == every:
        seen_before["watching"] = watching
        return
    state = {
        "apply": seen_before["apply"] if seen_before is not None else optimizer.stateless_apply,
        "every": every,
        "watching": watching,
    }
    names = {
        id(variable): layer.name
        for layer in model._flatten_layers(include_self=False)
        if not getattr(layer, "layers", None)
        for variable in layer.trainable_variables
    }
    order = [names.get(id(variable), "other") for variable in model.trainable_variables]
    counter = [id(variable) for variable in optimizer.variables].index(id(optimizer.iterations))

    def keep(figures: Mapping[str, Any]) -> None:
        state["watching"].gradients = {name: (float(norm), float(bad)) for name, (norm, bad) in figures.items()}

    def look(grads: Any) -> None:
        layers: Dict[str, List[Any]] = {}
        for name, gradient in zip(order, grads):
            layers.setdefault(name, []).append(gradient)
        figures = {
            name: (_tree_norm(leaves), sum(jnp.sum(~jnp.isfinite(leaf)) for leaf in leaves))
            for name, leaves in layers.items()
        }
        jax.debug.callback(keep, figures)

    def seen(variables: Any, grads: Any, trainable: Any) -> Any:
        jax.lax.cond(variables[counter] % every == 0, look, lambda grads: None, grads)
        return state["apply"](variables, grads, trainable)

    seen._tracker = state  # type: ignore[attr-defined]
    optimizer.stateless_apply = seen
    # A step that was compiled before does not tell them.
    model.train_function = None


def _wait_for_gradients() -> None:
    import jax

    jax.effects_barrier()


def _numpy_norm(arrays: List[Any]) -> float:
    return math.sqrt(sum(float((array * array).sum()) for array in arrays))
