// A run's parameters and the errors of a store are of these types.
@_exported public import TrackerValues
