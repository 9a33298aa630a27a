// A training's options and the errors of an engine are of these types.
@_exported public import TrackerValues
