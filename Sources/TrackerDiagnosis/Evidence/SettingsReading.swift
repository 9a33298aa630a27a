extension TrainingSettings {
  /// Reads parameters by the names that Keras, PyTorch, scikit-learn and this program use for them, with or without
  /// folders such as `optimizer.learning_rate`; what is not known is left out.
  ///
  /// - Parameter parameters: names and values as texts
  package init(parameters: [String: String]) {
    self.init()
    var given: [String: String] = [:]
    for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
      let words = Self.joined(key)
      given[words] = value
    }
    func text(_ keys: String...) -> String? {
      keys.lazy.compactMap { given[$0] }.first {
        !["", "none", "null", "nil"].contains($0.lowercased())
      }
    }
    func number(_ keys: String...) -> Double? {
      keys.lazy.compactMap { given[$0].flatMap(Double.init) }.first { $0.isFinite }
    }
    func whole(_ keys: String...) -> Int? {
      keys.lazy.compactMap { given[$0].flatMap(Double.init) }.first { $0.isFinite }.flatMap {
        Int(exactly: $0.rounded())
      }
    }
    lossName = text(
      "loss", "lossfunction", "lossfn", "criterion", "objective", "lossname", "lossclass")
    if let lossName { read(loss: lossName) }
    if given["fromlogits"]?.lowercased() == "true" { expectsLogits = true }
    if Self.joined(text("lossreduction", "reduction") ?? "") == "sum" { sumsLoss = true }
    optimizer = text(
      "optimizer", "optimizername", "optim", "solver", "optimizerclass", "optimizerclassname",
      "optimizertype"
    ).map(Self.joined)
    learningRate = number(
      "learningrate", "lr", "optimizerlearningrate", "optimizerlr", "learningrateinit", "initiallr",
      "initiallearningrate", "eta", "optimizeroptionslearningrate", "optimizerconfiglearningrate",
      "baselr", "stepsize")
    momentum = number(
      "momentum", "optimizermomentum", "optimizeroptionsmomentum", "optimizerconfigmomentum")
    batchSize = whole(
      "batchsize", "bs", "trainbatchsize", "perdevicetrainbatchsize", "minibatchsize", "batch")
    epochs = whole(
      "epochs", "numepochs", "nepochs", "numtrainepochs", "maxepochs", "maxiter", "nbepoch",
      "nepoch")
    lastActivation = text(
      "lastactivation", "outputactivation", "finalactivation", "activationout", "output",
      "outactivation"
    )
    .map(Self.activation)
    hiddenActivations =
      (text("hiddenactivations", "hiddenactivation", "activations", "activation") ?? "")
      .split { ",[]() '\"".contains($0) }.map { Self.activation(String($0)) }
    outputUnits = whole(
      "outputunits", "outputs", "outputsize", "outputdim", "outfeatures", "nout", "noutputs")
    classes = whole("classes", "numclasses", "nclasses", "nclass", "numlabels", "classcount")
    if let task = text("task", "problem", "problemtype", "tasktype")?.lowercased() {
      isClassification =
        task.contains("classif") ? true : task.contains("regress") ? false : nil
    }
    hiddenUnits =
      (text("hidden", "hiddenunits", "hiddensizes", "hiddenlayersizes", "hiddensize", "hiddendim")
      ?? "")
      .split { ",[]() ".contains($0) }.compactMap { Int($0) }
    layerCount = whole("layers", "numlayers", "nlayers", "depth", "layercount")
    if layerCount == nil, !hiddenUnits.isEmpty { layerCount = hiddenUnits.count + 1 }
    if hiddenActivations.count == 1, let layerCount, layerCount > 2 {
      hiddenActivations = Array(repeating: hiddenActivations[0], count: layerCount - 1)
    }
    inputUnits = whole(
      "inputunits", "inputs", "inputsize", "inputdim", "infeatures", "nin", "ninputs", "nfeatures")
    initializer = text("initializer", "init", "kernelinitializer", "weightinit", "initialization")?
      .lowercased()
    readInitialRange(text("initrange", "initscale") ?? "")
    penalty = number("l2", "l2regularization", "regularization")
    weightDecay = number("weightdecay", "wd", "optimizerweightdecay")
    trainingExamples = whole(
      "ntrain", "trainsize", "numtrain", "trainingexamples", "trainexamples", "ntrainsamples",
      "examples")
    heldOutExamples = whole("nval", "valsize", "numval", "ntest", "validationexamples")
    inputs = Self.range(given, ["input", "inputs", "x", "features", "data"])
    targets = Self.range(given, ["target", "targets", "y", "labels", "label"])
    if let labels = text("labelsare", "labelencoding", "labels", "targetsare")?.lowercased() {
      if labels.contains("sparse") || labels.contains("integer") || labels.contains("index") {
        hasSparseLabels = true
      }
    }
    if isClassification == nil {
      if let classes { isClassification = classes > 1 }
      if loss == .categoricalCrossEntropy || loss == .binaryCrossEntropy { isClassification = true }
    }
  }

  /// A name's letters and digits in lower case.
  static func joined(_ name: String) -> String {
    let name = name.lowercased()
    guard name.utf8.allSatisfy({ $0 < 0x80 }) else {
      return name.filter { $0.isLetter || $0.isNumber }
    }
    // Of ASCII no table of Unicode need be asked.
    return String(
      decoding: name.utf8.filter { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) },
      as: UTF8.self)
  }

  private static func activation(_ name: String) -> String {
    let name = joined(name)
    return switch name {
    case "identity", "none", "id": "linear"
    case "logistic": "sigmoid"
    case "logsoftmax": "softmax"
    default: name
    }
  }

  private static func range(_ given: [String: String], _ names: [String]) -> ValueRange? {
    func number(_ endings: [String]) -> Double? {
      for name in names {
        for ending in endings {
          if let value = given[name + ending].flatMap(Double.init), value.isFinite { return value }
        }
      }
      return nil
    }
    let range = ValueRange(
      least: number(["min", "minimum", "low"]), greatest: number(["max", "maximum", "high"]),
      mean: number(["mean", "average"]),
      deviation: number(["std", "stddev", "deviation", "standarddeviation"]))
    return range == ValueRange() ? nil : range
  }

  private mutating func read(loss name: String) {
    let name = Self.joined(name)
    // This program's `cost` is a form of a cross-entropy, which the output's activation tells.
    if name.contains("logits") || name == "crossentropyloss" { expectsLogits = true }
    if name.contains("sum") { sumsLoss = true }
    if name.contains("sparse") || name == "crossentropyloss" || name == "nllloss" {
      hasSparseLabels = true
    }
    func has(_ parts: String...) -> Bool { parts.contains { name.contains($0) } }
    if has("binarycross", "bce", "logloss", "binarylog") {
      loss = .binaryCrossEntropy
    } else if has("gaussiannll", "poissonnll") {
      // The likelihood of numbers, as of a density: below 0 it may go.
      loss = .other
    } else if has("crossentropy", "nllloss", "mlogloss", "softmaxloss") || name == "ce" {
      loss = .categoricalCrossEntropy
    } else if has("squared", "mse") || name == "l2" || name == "l2loss" {
      loss = .squaredError
    } else if has("absolute", "mae", "l1loss") || name == "l1" {
      loss = .absoluteError
    } else if has("hinge") {
      loss = .hinge
    } else {
      loss = .other
    }
  }

  /// `0:3`, `-0.12:0.12`, `0.12` (both sides of 0), `glorot`.
  package mutating func readInitialRange(_ text: String) {
    let parts = text.split(separator: ":").map { Double($0) }
    if parts.count == 1, let bound = parts[0] {
      initialBound = abs(bound)
    } else if parts.count == 2, let low = parts[0], let high = parts[1] {
      initialBound = max(abs(low), abs(high))
      isOneSidedStart = low * high >= 0 && high != low
    } else if !text.isEmpty {
      initializer = text.lowercased()
    }
  }
}
