import Foundation
import Testing

@testable import TrackerExperiments

/// What programs print, and what is made of it.
@Suite("Metrics in what programs print")
struct MetricReaderTests {
  /// `step: key=value …` for each line that was read.
  private func read(
    _ text: String, patterns: [String] = [], stepKey: String? = nil, pieces: Int = .max
  ) throws -> [String] {
    var reader = MetricReader(patterns: try patterns.map(MetricPattern.init), stepKey: stepKey)
    let bytes = Array(text.utf8)
    var rows: [MetricReader.Row] = []
    for start in stride(from: 0, to: bytes.count, by: min(pieces, max(1, bytes.count))) {
      rows += reader.take(bytes[start..<min(bytes.count, start + min(pieces, bytes.count))])
    }
    rows += reader.finish()
    return rows.map { row in
      "\(row.step):" + zip(row.keys, row.values).map { " \($0)=\($1)" }.joined()
    }
  }

  @Test(
    "JSON and Python's dictionaries are found in a line",
    arguments: [
      (#"{"step": 3, "cost": 0.41, "note": "x", "accuracy": 1e-2}"#, "3: cost=0.41 accuracy=0.01"),
      (
        #"{"a": NaN, "b": "NaN", "c": -Infinity, "d": "Infinity", "e": -0.0}"#,
        "0: a=nan b=nan c=-inf d=inf e=-0.0"
      ),
      ("{'loss': 0.5, 'epoch': 2.0}", "2: loss=0.5"),
      (
        "{'loss': nan, 'best': inf, 'worst': -inf, 'none': None}", "0: loss=nan best=inf worst=-inf"
      ),
      ("INFO:root:{\"step\": 1, \"loss\": 2}", "1: loss=2.0"),
      ("2024-01-01 12:00:00,123 | train.py:12 | {\"step\": 1, \"loss\": 2}", "1: loss=2.0"),
      ("[rank 0] {'step': 1, 'loss': 2} (train.py:3)", "1: loss=2.0"),
      ("{rank} {\"step\": 1, \"loss\": 2}", "1: loss=2.0"),
      ("\u{1B}[32m{\"step\":\u{1B}[0m 1, \u{1B}[1;31m\"loss\": 2}\u{1B}[0m", "1: loss=2.0"),
      ("\u{1B}]0;training\u{7}{\"step\": 1, \"loss\": 2}", "1: loss=2.0"),
      ("\u{1B}]8;;http://x\u{1B}\\{\"step\": 1, \"loss\": 2}\u{1B}]8;;\u{1B}\\", "1: loss=2.0"),
      ("\u{8}\u{8}\u{8}{\"step\": 1, \"loss\": 2}", "1: loss=2.0"),
      (
        #"INFO | train | {"step": "7", "loss": "8.5", "lr": "1e-05", "name": "a", "version": "3"}"#,
        "7: loss=8.5 lr=1e-05"
      ),
      ("Trial 0 of value 0.5 with params: {'alpha': 1} got {'loss': 2}", "0: loss=2.0"),
      (
        #"{"ok": true, "bad": false, 'worse': False, 'best': True}"#,
        "0: ok=1.0 bad=0.0 worse=0.0 best=1.0"
      ),
      (
        #"{"train": {"loss": 1, "top": {"5": 2}}, "list": [3, {"x": 4}], "z": 5}"#,
        "0: train.loss=1.0 train.top.5=2.0 z=5.0"
      ),
      ("{'loss': np.float32(0.5), 'n': np.int64(3), 'step': np.int64(7)}", "7: loss=0.5 n=3.0"),
      ("{'loss': tensor(0.5, device='cuda:0', grad_fn=<NllLossBackward0>)}", "0: loss=0.5"),
      ("{'loss': Array(0.5, dtype=float32), 'when': datetime.date(2024, 1, 2)}", "0: loss=0.5"),
      ("{'shape': (3, 4), 'one': (1,), 'x': 1, 'raw': b'ab'}", "0: x=1.0"),
      (
        "{'loss': '0.6931', 'lr': '4e-05', 'name': 'a', 'id': '007', 'epoch': '0.5'}",
        "0: loss=0.6931 lr=4e-05 epoch=0.5"
      ),
      ("{0: 0.5, 1: 0.25}", "0: 0=0.5 1=0.25"),
      ("{\"it's\": 1, 'say \"x\"': 2, 'a\\'b': 3}", "0: it's=1.0 say \"x\"=2.0 a'b=3.0"),
      (#"{"a\"\n\u00e9\ud83d\ude00": 1}"#, "0: a\"\né😀=1.0"),
      ("{\"big\": 123456789012345678901234567890}", "0: big=1.2345678901234568e+29"),
    ])
  func objects(line: String, expected: String) throws { #expect(try read(line) == [expected]) }

  @Test("several objects of a line are read one after the other")
  func several() throws {
    #expect(
      try read(#"{"step": 1, "a": 1}{"step": 2, "a": 2} {"a": 3}"#) == [
        "1: a=1.0", "2: a=2.0", "3: a=3.0",
      ])
  }

  @Test(
    "what is not an object is none",
    arguments: [
      "", "epoch 3", "[1]", "3", "{", "{}", "{}x", #"{"a": 1"#, #"{"a" 1}"#, #"{"a": 1,}"#,
      #"{"a": +1}"#,
      #"{"a": "x}"#, #"{"\ud83d": 1}"#, #"{"\u00g0": 1}"#, "{a: 1}", "{1, 2}", "{'a': 1j}",
      "{'a': x}",
      "{'a': 0x10}", "{'a': 1.}", "{'a': .5}", "{'a': 1_000}", "{'a': [1, 2}", "{'a': f(1}",
      "{'a': 'x}",
      #"args {"a": 1, bad, {"b": 2}}"#, "{'a': <f}", "{'a': {}}", "{\"step\": 3}", "{'epoch': 3}",
      "if (x) { y = 1; }", "{{\"a\": 1}}",
      "Trial 0 finished with value: 0.5 and parameters: {'alpha': 0.5, 'x': 3}. Best is trial 0",
      "best_params={'alpha': 0.5}", "Config -> {\"lr\": 0.1}", "INFO:root:hparams {'lr': 0.1}",
    ])
  func foreignLines(line: String) throws { #expect(try read(line) == []) }

  @Test(
    "a progress bar's carriage returns end lines, in pieces of any size",
    arguments: [1, 2, 3, 7, 64])
  func carriageReturns(pieces: Int) throws {
    let text =
      "\r  0%|#  | 0/5 [00:01]\r{\"step\": 0, \"a\": 1}\r\n\r 20%|{}\r{\"step\": 1, \"a\": 2}\n{\"a\": 3}"
    #expect(try read(text, pieces: pieces) == ["0: a=1.0", "1: a=2.0", "2: a=3.0"])
  }

  @Test(
    "the step is a line's own, else its whole epoch, else the next; a fraction of an epoch is a metric",
    arguments: [
      (
        #"{"epoch": 0.25, "step": 10}{"epoch": 0.5, "step": 20}{"epoch": 1, "step": 30}"#,
        ["10: epoch=0.25", "20: epoch=0.5", "30: epoch=1.0"]
      ),
      (
        #"{"l": 1, "epoch": 0.5}{"l": 2, "epoch": 1.0}{"l": 3, "epoch": 1.5}{"l": 4, "epoch": 2}"#,
        ["0: l=1.0 epoch=0.5", "1: l=2.0 epoch=1.0", "2: l=3.0 epoch=1.5", "3: l=4.0 epoch=2.0"]
      ),
      (
        #"{"l": 1, "epoch": 1}{"l": 2, "epoch": 2.0}{"l": 3, "epoch": 2.5}{"l": 4, "epoch": 3}"#,
        ["1: l=1.0", "2: l=2.0", "3: l=3.0 epoch=2.5", "4: l=4.0 epoch=3.0"]
      ),
      (#"{"a": 1, "epoch": 3}{"b": 2, "epoch": 3}"#, ["3: a=1.0", "3: b=2.0"]),
      (
        #"{"global_step": 5, "a": 1}{"iteration": 6, "a": 2}{"_step": 7, "a": 3}{"a": 4}"#,
        ["5: a=1.0", "6: a=2.0", "7: a=3.0", "8: a=4.0"]
      ),
      (#"{"step": 1, "global_step": 100, "a": 1}"#, ["1: global_step=100.0 a=1.0"]),
      (
        #"{"step": 1.5, "a": 1}{"step": null, "a": 2}{"step": true, "a": 3}{"step": "x", "a": 4}"#,
        ["0: step=1.5 a=1.0", "1: a=2.0", "2: step=1.0 a=3.0", "3: a=4.0"]
      ),
      (
        #"{"step": 9223372036854775807, "a": 1}{"a": 2}{"step": 9223372036854775808, "a": 3}{"step": -5, "a": 4}{"a": 5}"#,
        [
          "9223372036854775807: a=1.0", "9223372036854775807: a=2.0",
          "9223372036854775807: step=9.223372036854776e+18 a=3.0", "-5: a=4.0", "-4: a=5.0",
        ]
      ),
      (#"{"step": 3.0, "a": 1}{"step": 1e2, "a": 2}"#, ["3: a=1.0", "100: a=2.0"]),
    ] as [(String, [String])])
  func steps(text: String, expected: [String]) throws { #expect(try read(text) == expected) }

  @Test("another key may be the step")
  func stepKey() throws {
    #expect(
      try read(
        #"{"batch": 7, "epoch": 1, "step": 2, "a": 1}{"epoch": 2, "a": 1}"#, stepKey: "batch")
        == ["7: epoch=1.0 step=2.0 a=1.0", "8: epoch=2.0 a=1.0"])
    #expect(try read(#"{"train": {"i": 7}, "a": 1}"#, stepKey: "train.i") == ["7: a=1.0"])
    #expect(try read(#"{"epoch": 2, "step": 9}"#, stepKey: "epoch") == ["2: step=9.0"])
  }

  @Test(
    "words with their numbers are read where that is asked for",
    arguments: [
      ("epoch=3 loss=0.5, acc=93.1%", "3: loss=0.5 acc=93.1"),
      ("12:30:05 INFO step=100 lr = 1e-05 | val/loss=-2.5. done", "100: lr=1e-05 val/loss=-2.5"),
      ("Epoch=3/10 [loss=nan]", "3: "),
      ("(loss=.5) time=12ms v=1.2.3 x=inf name=information y==3 z=3", "0: loss=0.5 x=inf z=3.0"),
      (
        "Training:  10%|# | 1/10 [00:01<00:09, 50.1it/s, loss=0.5, v_num=3]",
        "0: loss=0.5 v_num=3.0"
      ),
      ("λ=0.1 a.b-c=2 9x=3", "0: λ=0.1 a.b-c=2.0"),
      ("Net(p=1, (drop): Dropout(p=0.5)) loss=2 Train(loss=3)", "0: loss=2.0"),
      ("GET http://host/?a=1&b=2 `c=3` tokens=16,384 loss=1", "0: loss=1.0"),
      ("epoch=1: train loss=0.5, val loss=0.25", "1: train/loss=0.5 val/loss=0.25"),
      ("G loss=1 | D loss=2 | loss=3 | loss=4", "0: G/loss=1.0 D/loss=2.0 loss=3.0"),
    ])
  func pairs(line: String, expected: String) throws {
    let rows = try read(line, patterns: ["key=value"])
    if expected == "3: " {
      #expect(rows == ["0: Epoch=3.0 loss=nan"])
    } else {
      #expect(rows == [expected])
    }
    #expect(try read(line) == [])
  }

  @Test("words with colons likewise; times and places in files are none")
  func colons() throws {
    #expect(
      try read("12:30:05 epoch: 2 loss: 0.5 at train.py:12:3 port:80:a", patterns: ["key:value"])
        == ["2: loss=0.5"])
  }

  @Test("an object that is printed over several lines holds settings, and ends")
  func printedForms() throws {
    let text = """
      Net(
        (fc): Linear(in_features=3, out_features=1)
        (act): Sequential(
          (0): ReLU()
        )
      )
      Adam (
      Parameter Group 0
          lr: 0.001
          eps: 1e-08
      )
      epoch: 1 loss: 0.5
      Losses (
      epoch: 2 loss: 0.25
      {"epoch": 2, "acc": 0.5}
      """
    #expect(try read(text, patterns: ["key:value"]) == ["1: loss=0.5", "2: acc=0.5"])
    #expect(
      try read(
        text + String(repeating: "\nx", count: 500) + "\nepoch: 3 loss: 0.125",
        patterns: ["key:value"]) == ["1: loss=0.5", "2: acc=0.5", "3: loss=0.125"])
  }

  @Test(
    "before a colon, the last word of a sentence is a name where it says that something is measured",
    arguments: [
      (
        "Epoch: 3, Train Loss: 0.5, Validation Loss: 0.25, Avg. acc: 93%",
        "0: Epoch=3.0 Train/Loss=0.5 Validation/Loss=0.25 acc=93.0"
      ),
      ("Train Epoch: 1 [0/60000 (0%)]\tLoss: 2.5", "0: Epoch=1.0 Loss=2.5"),
      ("[Warning] No further splits, best gain: -inf", nil), ("number of positive: 98", nil),
      ("tokens per step will be: 16,384", nil), ("Downloading: 100%|####| 3/3", nil),
      ("I1129 train.py:137] speed: 3, learning rate: 0.5", "0: speed=3.0 rate=0.5"),
    ] as [(String, String?)])
  func sentences(line: String, expected: String?) throws {
    #expect(try read(line, patterns: ["key:value"]) == [expected].compactMap { $0 })
  }

  @Test(
    "a line of a booster begins with its step, and LightGBM's metrics are of a part of the data",
    arguments: [
      ("[3]\ttrain-auc:0.9\teval-auc:0.8", "3: train-auc=0.9 eval-auc=0.8"),
      (
        "[10]\ttraining's auc: 0.9\tvalid_1's auc: 0.8",
        "10: training/auc=0.9 valid_1/auc=0.8"
      ),
      ("7:\tlearn: 0.5\ttest: 0.6\ttotal: 7ms", "7: learn=0.5 test=0.6"),
      ("[3] loss: 0.5, the model's auc: 1", "0: loss=0.5 auc=1.0"),
      ("[3]\tstep: 5 loss: 0.5", "5: loss=0.5"),
      ("[3]\tnothing", nil), ("[]\tloss: 1", "0: loss=1.0"),
      ("[99999999999999999999]\tloss: 1", "0: loss=1.0"), ("the model's ", nil),
    ] as [(String, String?)])
  func boosters(line: String, expected: String?) throws {
    #expect(try read(line, patterns: ["key:value"]) == [expected].compactMap { $0 })
  }

  @Test(
    "the form that would read a program's lines is named where nothing was read",
    arguments: [
      ("Loading: 3 files\nepoch=1 loss=0.5\nepoch=2 loss=0.25\n", "key=value 2"),
      ("Epoch: 1, Loss: 0.5\n", "key:value 1"),
      ("Learning rate set to 0.5\n0:\tlearn: 0.5\ttest: 0.6\tbest: 0.6 (0)\n", "key:value 1"),
      ("Epoch 1/1\n1/2 [=>..] - loss: 0.9\n2/2 [====] - 1s - loss: 0.5\n", "keras 1"),
      ("Loading: 3 files\niter 0 loss 2.3\n", nil), ("", nil),
      ("loss=0.5\n{\"loss\": 0.5}\n", nil),
    ] as [(String, String?)])
  func suggestions(text: String, expected: String?) {
    var reader = MetricReader()
    _ = reader.take(Array(text.utf8)[...])
    _ = reader.finish()
    #expect(reader.suggestion.map { "\($0.pattern) \($0.lineCount)" } == expected)
  }

  @Test("right answers of a total are their share")
  func rightAnswers() throws {
    #expect(
      try read(
        "Test set: Average loss: 0.0490, Accuracy: 9839/10000 (98%) epoch: 3/10 acc: 5/0",
        patterns: ["key:value"]) == ["3: loss=0.049 Accuracy=0.9839 acc=5.0"])
  }

  @Test("a text with places for numbers is found anywhere in a line")
  func templates() throws {
    let lines = """
      Epoch 1: loss 0.5
      [INFO]  Epoch   2:  loss  0.25 | time 3s
      Epoch x: loss 1
      Epoch 3: loss nan
      """
    #expect(
      try read(lines, patterns: ["Epoch {epoch}: loss {loss}"]) == [
        "1: loss=0.5", "2: loss=0.25", "3: loss=nan",
      ])
    #expect(
      try read(
        "it 10/500 took 3.2 s, cost=1.5e-3 acc 90%",
        patterns: ["it {step}/...cost={cost} ...{acc}%"])
        == ["10: cost=0.0015 acc=90.0"])
    #expect(
      try read("a 1\nb 2\n{\"c\": 3}\n", patterns: ["a {a}", "b {b}"]) == [
        "0: a=1.0", "1: b=2.0", "2: c=3.0",
      ])
  }

  @Test(
    "a pattern that names nothing is refused",
    arguments: ["", "Keras", "loss", "{", "{}", "a {b", "{a{b}", "...", "x {_}"])
  func mistakes(pattern: String) { #expect(throws: InputError.self) { try MetricPattern(pattern) } }

  @Test(
    "Keras' epochs are read from their last lines",
    arguments: [
      // Keras 2, verbose 1 on a terminal.
      (
        """
        Epoch 1/2\n\r1/3 [=>....] - ETA: 1s - loss: 0.9000\u{8}\u{8}\u{8}\r3/3 [====] - 1s 2ms/step - loss: 0.4100 - accuracy: 0.9000 - val_loss: 0.5000
        Epoch 2/2\n3/3 [======] - 1s 2ms/step - loss: 0.3100 - accuracy: 0.9200 - val_loss: 0.4500
        """,
        ["1: loss=0.41 accuracy=0.9 val_loss=0.5", "2: loss=0.31 accuracy=0.92 val_loss=0.45"]
      ),
      // Keras 3, verbose 1 in a file: the last line comes again with the validation; then an evaluation.
      (
        """
        Epoch 1/1

         1/32 ━━━━━━━━━━━━━━━━━━━━ 9s 300ms/step - accuracy: 0.1 - loss: 2.3
        32/32 ━━━━━━━━━━━━━━━━━━━━ 1s 2ms/step - accuracy: 0.5 - loss: 1.2e-01
        32/32 ━━━━━━━━━━━━━━━━━━━━ 1s 9ms/step - accuracy: 0.5 - loss: 1.2e-01 - val_accuracy: 0.4 - val_loss: nan
         1/10 ━━━━━━━━━━━━━━━━━━━━ 0s 9ms/step - accuracy: 0.7 - loss: 9
        10/10 ━━━━━━━━━━━━━━━━━━━━ 0s 9ms/step - accuracy: 0.7 - loss: 9
        """, ["1: accuracy=0.5 loss=0.12", "1: val_accuracy=0.4 val_loss=nan"]
      ),
      // verbose 2, and a second fit.
      (
        """
        Epoch 1/1
        8/8 - 2s - loss: 0.3 - accuracy: 0.9 - 2s/epoch - 1ms/step
        Epoch 1/1
        8/8 - 2s - 2ms/step - loss: 0.2 - accuracy: 0.95
        """, ["1: loss=0.3 accuracy=0.9", "2: loss=0.2 accuracy=0.95"]
      ),
      ("3/3 - 1s - loss: 0.5\nEpoch 1\nEpoch one/two\n", []),
      ("Epoch 1/1\n1/1 - 1s - loss: 0.5\n1/1 - 0s - loss: 0.7\n", ["1: loss=0.5"]),
    ] as [(String, [String])])
  func keras(text: String, expected: [String]) throws {
    #expect(try read(text, patterns: ["keras"]) == expected)
  }

  @Test("a line over the limit is counted, not read, and the next one is")
  func longLines() throws {
    var reader = MetricReader()
    let long =
      Array("{\"a\": 1, \"b\": \"".utf8) + [UInt8](repeating: 0x78, count: 2 << 20)
      + Array("\"}\n{\"a\": 2}\n".utf8)
    var rows: [MetricReader.Row] = []
    for start in stride(from: 0, to: long.count, by: 65_536) {
      rows += reader.take(long[start..<min(long.count, start + 65_536)])
    }
    #expect(rows.map(\.values) == [[2]] && reader.longLineCount == 1)
  }

  @Test("two streams are cut into lines apart, and counted together")
  func streams() {
    var reader = MetricReader()
    var rows = reader.take(Array(#"{"a": "#.utf8)[...], from: .output)
    rows += reader.take(Array("{\"b\": 1}\n".utf8)[...], from: .diagnostics)
    rows += reader.take(Array("2}\n".utf8)[...], from: .output)
    #expect(rows.map(\.keys) == [["b"], ["a"]] && rows.map(\.step) == [0, 1])
  }

  /// What this thread has used of the processor, in seconds; other tests share the machine.
  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  @Test("deep and endless nesting ends the reading, not the program, and takes no time")
  func depth() throws {
    for part in [
      #"{"a":"#, "[", "(", "f(", "{", #"{"a":["#, "{'a':\"}{\"", "{\"a\":f(x=", "\u{1B}]",
      "\u{1B}[", "Epoch 1/1",
    ] {
      for prefix in ["", #"{"a": "#] {
        let line = prefix + String(repeating: part, count: 20_000)
        let start = processorTime()
        _ = try read(line, patterns: ["keras", "key=value", "key:value", "a {b} c {d}"])
        #expect(processorTime() - start < 5, "\(part)")
      }
    }
  }

  @Test("60,000 mutated lines neither crash nor hang")
  func fuzz() throws {
    let seeds = [
      #"{"step": 3, "cost": 0.41, "b": [1, {"c": "d\u00e9"}], "n": NaN}"#, #"{"a": -1.5e-300}"#,
      "{'loss': np.float32(0.5), 'x': tensor(1., device='cuda:0'), 'epoch': 1.0}",
      "\u{1B}[32mEpoch 3/10\u{1B}[0m", "3/3 [===] - 1s 2ms/step - loss: 0.4100 - val_loss: 0.5",
      "epoch=3/10 loss = -0.5e-3, acc=93.1% x=inf", "Epoch 1: loss 0.5 ... {a}",
    ].map { Array($0.utf8) }
    let patterns = try ["keras", "key=value", "key:value", "Epoch {epoch}: loss {loss}"].map(
      MetricPattern.init)
    var reader = MetricReader(patterns: patterns)
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("{}[]()'\"\\:,=.-+e/ \r\n\u{1B}<>0123456789nait".utf8)
    var understood = 0
    for round in 0..<60_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: index)
        case 2: bytes[index] = alphabet.randomElement(using: &generator) ?? 0
        case 3: bytes.insert(contentsOf: bytes[index...], at: index)
        default: if bytes.count > 1 { bytes.remove(at: index) }
        }
      }
      understood += reader.take((bytes + [0x0A])[...]).count
    }
    print("fuzzed 60000 lines of programs, \(understood) times something was understood")
    #expect(understood > 0)
  }
}
