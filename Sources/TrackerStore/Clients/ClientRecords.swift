// What clients over a network ask for and send: experiments, runs and models by names that are the same in every store,
// parameters as texts, points with their times.

/// A key and a text.
package struct KeyedText: Hashable, Sendable {
  package var key: String
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// A group of runs as clients know it.
package struct ExperimentRecord: Hashable, Sendable {
  package var id: Int64
  package var name: String
  /// Where clients put artifacts themselves; `nil` where this store keeps them.
  package var artifactLocation: String?
  package var createdAt: Timestamp?
  package var updatedAt: Timestamp?
  package var isDeleted: Bool
  package var tags: [KeyedText]
}

/// A run as clients ask for it.
package struct ClientRun: Sendable {
  package var id: Int64
  package var uuid: String
  package var experiment: Int64
  package var experimentName: String
  package var artifactLocation: String?
  package var name: String?
  package var status: RunStatus
  package var startedAt: Timestamp
  package var endedAt: Timestamp?
  package var isArchived: Bool
  package var user: String
  package var note: String?
  package var command: String
  package var gitCommit: String?
  package var parameters: [KeyedText] = []
  package var tags: [KeyedText] = []
  /// The latest value of each metric: that of the greatest step.
  package var metrics: [ClientMetric] = []
  package var inputs: [ClientInput] = []
  package var modelInputs: [String] = []
  package var modelOutputs: [ModelOutput] = []

  /// A model that a run made, and at which step.
  package struct ModelOutput: Hashable, Sendable {
    package var model: String
    package var step: Int64

    package init(model: String, step: Int64) {
      self.model = model
      self.step = step
    }
  }
}

/// A value of a metric, with its time and what it is about.
package struct ClientMetric: Hashable, Sendable {
  package var key: String
  package var point: MetricPoint
  /// The model that it is about.
  package var model: String?
  package var datasetName: String?
  package var datasetDigest: String?
  /// The run that logged it, where it is read from a model.
  package var run: String?

  package init(
    key: String, point: MetricPoint, model: String? = nil, datasetName: String? = nil,
    datasetDigest: String? = nil, run: String? = nil
  ) {
    self.key = key
    self.point = point
    self.model = model
    self.datasetName = datasetName
    self.datasetDigest = datasetDigest
    self.run = run
  }
}

/// Data that a run was given.
package struct ClientInput: Hashable, Sendable {
  package var name: String
  package var digest: String
  package var sourceType: String
  package var source: String
  package var schema: String?
  package var profile: String?
  package var tags: [KeyedText]

  package init(
    name: String, digest: String, sourceType: String, source: String, schema: String? = nil,
    profile: String? = nil, tags: [KeyedText] = []
  ) {
    self.name = name
    self.digest = digest
    self.sourceType = sourceType
    self.source = source
    self.schema = schema
    self.profile = profile
    self.tags = tags
  }
}

/// A model that a run made or was given.
package struct ModelRecord: Sendable {
  package enum Status: String, Sendable { case unspecified, pending, ready, failed }

  package var id: Int64
  /// Names it across stores.
  package var uuid: String
  package var experiment: Int64
  package var artifactLocation: String?
  package var name: String
  package var type: String
  /// The run that made it, as its client says.
  package var sourceRun: String
  package var status: Status
  package var createdAt: Timestamp
  package var updatedAt: Timestamp
  package var parameters: [KeyedText] = []
  package var tags: [KeyedText] = []
  /// The latest value of each metric and data set.
  package var metrics: [ClientMetric] = []
}

/// What the store does not do for a client.
package enum ClientRefusal: Error, Hashable {
  case noExperiment(Int64)
  /// There is one of this name already.
  case experimentExists(String)
  /// It was deleted, or it was not: the other was asked for.
  case experimentDeleted(Int64)
  case experimentNotDeleted(Int64)
  case noRun(String)
  case runDeleted(String)
  case noTag(String, run: String)
  case noExperimentTag(String, experiment: Int64)
  /// Parameters are fixed: these have another value.
  case parametersChanged([ChangedParameter], run: String)
  case noModel(String)
  case noModelTag(String, model: String)
  case noArtifact(String)

  package struct ChangedParameter: Hashable, Sendable {
    package var key: String
    package var old: String
    package var new: String
  }
}
