extension MetricVocabulary {
  /// What our own trainer records, in the order in which people look at it, and what it is called.
  static let own: [(key: String, title: String)] = [
    ("cost", "cost"),
    ("dataCost", "data part of the cost"),
    ("penalty", "penalty part of the cost"),
    ("trainAccuracy", "training accuracy"),
    ("testAccuracy", "held-out accuracy"),
    ("testCost", "held-out cost"),
    ("gradientNorm", "length of the gradient"),
    ("stepLength", "length of the step"),
    ("evaluations", "evaluations of the cost so far"),
    ("seconds", "seconds since the start"),
    ("outputDeviation", "deviation of the outputs over examples"),
    ("clampHits", "outputs that the clamp replaced"),
  ]

  static func ownTitle(_ key: String) -> String? {
    if let own = own.first(where: { $0.key == key }) { return own.title }
    let parts = key.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty, parts[1].allSatisfy(\.isNumber) else { return nil }
    return switch parts[0] {
    case "saturated": "saturated units of layer \(parts[1]), as a share"
    case "dead": "units of layer \(parts[1]) that are 0 for every example, as a share"
    case "updateRatio": "length of an update of layer \(parts[1]) over that of its weights"
    default: nil
    }
  }

  /// Short forms in full.
  private static let full: [String: String] = [
    "acc": "accuracy", "accu": "accuracy", "err": "error", "lr": "learning rate",
    "ppl": "perplexity", "f1": "F1", "auc": "AUC",
    "auroc": "AUROC", "bleu": "BLEU", "rmse": "RMSE", "mse": "MSE", "mae": "MAE", "mape": "MAPE",
    "iou": "IoU",
    "miou": "mIoU", "map": "mAP", "ap": "AP", "r2": "R²", "wer": "WER", "cer": "CER", "nll": "NLL",
    "ndcg": "NDCG",
    "mrr": "MRR", "mcc": "MCC", "psnr": "PSNR", "ssim": "SSIM", "fid": "FID",
    "top1": "top-1 accuracy",
    "top5": "top-5 accuracy", "prec": "precision", "rew": "reward", "gnorm": "gradient norm",
    "grad": "gradient",
    "gradnorm": "gradient norm", "logloss": "log loss", "crossentropy": "cross-entropy",
    "kl": "KL divergence",
    "bce": "binary cross-entropy", "ce": "cross-entropy", "xent": "cross-entropy",
    "fps": "frames a second",
  ]

  /// A title of a name of which every word is known.
  static func title(of name: MetricName, _ role: MetricRole?) -> String? {
    let words = name.words.filter { roles[$0] == nil }
    guard !name.hasSettings, !words.isEmpty,
      words.allSatisfy({ terms[$0] != nil || full[$0] != nil })
    else {
      return nil
    }
    let said = words.map { full[$0] ?? $0 }.joined(separator: " ")
    switch role {
    case .train: return "training " + said
    case .validation: return "validation " + said
    case .test: return "test " + said
    case nil: return said
    }
  }
}
