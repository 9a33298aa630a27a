import TestSupport
import Testing
import TrackerDiagnosis
import TrackerGradientCheck
import TrackerStore

@testable import TrackerExperiments

@Suite("Which curves of a run are diagnosed")
struct DiagnosedMetricsTests {
  @Test(
    "A curve is read rather than one point that sums a run up, and validation rather than test",
    arguments: [
      // The Trainer of Hugging Face.
      (
        ["loss": 60, "train_loss": 1, "eval_loss": 3, "eval_accuracy": 3],
        ["loss", "eval_loss", nil, "eval_accuracy"]
      ),
      // A test after training.
      (
        ["train_loss": 9, "val_loss": 9, "test_loss": 1, "test_accuracy": 1, "val_accuracy": 9],
        ["train_loss", "val_loss", nil, "val_accuracy"]
      ),
      (["loss": 9, "test_loss": 9, "val_loss": 9], ["loss", "val_loss", nil, nil]),
      (["loss": 1, "mse": 9, "val_f1": 9, "val_auc": 1], ["mse", nil, nil, "val_f1"]),
      // An object detector: its losses add up.
      (
        [
          "train/box_loss": 9, "train/cls_loss": 9, "train/dfl_loss": 9, "val/box_loss": 9,
          "val/cls_loss": 9, "metrics/mAP50(B)": 9,
        ],
        [
          "train/box_loss + train/cls_loss + train/dfl_loss", "val/box_loss + val/cls_loss",
          "metrics/mAP50(B)", nil,
        ]
      ),
      // What was not recorded together has no sum; beside the whole nobody needs one.
      (["box_loss": 9, "cls_loss": 8], [nil, nil, nil, nil]),
      (["box_loss": 9, "cls_loss": 9, "loss": 9], ["loss", nil, nil, nil]),
      // One point each: the best name.
      (["loss": 1, "train_loss": 1, "accuracy": 1], ["train_loss", nil, "accuracy", nil]),
    ] as [([String: Int], [String?])])
  func curves(counts: [String: Int], expected: [String?]) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let writer = try store.startRun(RunStart())
    for (key, count) in counts {
      for step in 0..<count { try writer.log([(key, 0.5)], step: Int64(step)) }
    }
    try writer.finish()
    let reading = try TrainingReading(store: store, run: store.run(id: writer.id))
    let read = try reading.withEvidence(nil) { evidence in
      [evidence.loss, evidence.heldOutLoss, evidence.accuracy, evidence.heldOutAccuracy]
        .map { $0?.name }
    }
    #expect(read == expected)
  }

  @Test(
    "Epochs are counted by the metric that counts them, from 0, from 1, or by parts",
    arguments: [
      ("epoch", [0.0, 0, 1, 39], 40), ("epoch", [1, 2, 3], 3), ("train/epoch", [0.4, 2.2], 3),
      ("epoch", [-1, 3], nil), ("epoch_loss", [0.5, 0.25], nil),
      ("train_loss_epoch", [2.5, 1.5], nil),
    ] as [(String, [Double], Int?)])
  func epochs(key: String, values: [Double], expected: Int?) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let writer = try store.startRun(RunStart())
    for (step, value) in values.enumerated() { try writer.log([(key, value)], step: Int64(step)) }
    try writer.finish()
    let reading = try TrainingReading(store: store, run: store.run(id: writer.id))
    #expect(try reading.withEvidence(nil) { $0.epochs } == expected)
  }

  @Test("The loss of an object detector is judged by its sum")
  func addends() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let writer = try store.startRun(RunStart())
    for step in 0..<12 {
      // One falls by what the other grows.
      try writer.log(
        [("train/box_loss", 4 - Double(step) / 4), ("train/cls_loss", 2 + Double(step) / 4)],
        step: Int64(step))
    }
    try writer.finish()
    let findings = try TrainingReading(store: store, run: store.run(id: writer.id))
      .withEvidence(nil) { diagnoseTraining($0) }
    #expect(findings.first?.cause == .outputsConstant)
    #expect(
      findings.first?.evidence.contains {
        $0.hasPrefix("train/box_loss + train/cls_loss: 6 at the start")
      } == true)
  }
}
