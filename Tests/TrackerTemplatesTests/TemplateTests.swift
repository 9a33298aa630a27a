import Testing

@testable import TrackerTemplates

@Suite("Templates")
struct TemplateTests {
  private struct Person: TemplateContent {
    var name = "Ada <A>"
    var nick: String?
    var knows = true
    var friends: [Friend] = []
    var words = ["one", "two"]
    var none: [String] = []
    var template = "greeting"
    var home = Home()
  }

  private struct Friend: TemplateContent {
    var name: String
    var nick: String?
  }

  private struct Home: TemplateContent {
    var city = "London"
    var street: String? = nil
  }

  private func rendered(
    _ template: String, _ person: Person = Person(), partials: [String: String] = [:]
  ) throws -> String {
    var library = TemplateLibrary()
    try library.add(template, named: "main")
    for (name, text) in partials { try library.add(text, named: name) }
    return try library.render("main", person, escaping: { HTML.escaped($0) { $0 } })
  }

  @Test("A long list is filled in stretches, which may be filled in any order")
  func stretches() throws {
    let person = Person(
      nick: "nobody",
      friends: (0..<300).map { Friend(name: "f\($0)", nick: $0 % 3 == 0 ? "x" : nil) })
    var library = TemplateLibrary()
    try library.add("[{{#friends}}{{name}}{{.nick}} of {{home.city}};{{/friends}}]", named: "main")
    let expected =
      "[" + person.friends.map { "\($0.name)\($0.nick ?? "") of London;" }.joined() + "]"
    #expect(try library.render("main", person, escaping: { $0 }) == expected)
    let backwards = try library.render(
      "main", person, escaping: { $0 },
      each: { stretches, make in
        #expect(stretches.count > 2)
        return stretches.reversed().map(make).reversed()
      })
    #expect(backwards == expected)
    // One that fails is told.
    try library.add("{{#friends}}{{> main}}{{/friends}}", named: "main")
    #expect(throws: TemplateError.self) {
      try library.render("main", person, escaping: { $0 })
    }
  }

  @Test(
    "Each tag does what Mustache says",
    arguments: [
      ("plain {text} }} stays", "plain {text} }} stays"),
      (
        "{{name}}, {{{name}}}, {{&name}}, {{ name }}",
        "Ada &lt;A&gt;, Ada <A>, Ada <A>, Ada &lt;A&gt;"
      ),
      ("a{{unknown}}b{{nick}}c", "abc"),
      ("{{home.city}} {{home.street}}{{home.city.further}}", "London "),
      ("{{#knows}}yes{{/knows}}{{^knows}}no{{/knows}}", "yes"),
      ("{{#nick}}yes{{/nick}}{{^nick}}no{{/nick}}{{^none}}none{{/none}}", "nonone"),
      ("{{#words}}<{{.}}>{{/words}}", "<one><two>"),
      ("{{#home}}{{city}} {{name}} {{.name}}{{/home}}", "London Ada &lt;A&gt; "),
      ("a{{! a\ncomment }}b", "ab"),
      ("{{=<% %>=}}<% home.city %> {{name}}<%={{ }}=%> {{home.city}}", "London {{name}} London"),
      ("{{#home}}{{#home}}x{{/home}}{{/home}}", "x"),
      ("", ""),
    ])
  func tags(template: String, expected: String) throws {
    #expect(try rendered(template) == expected)
  }

  @Test(
    "A list repeats its section, and a name that an item lacks is the one outside unless a dot forbids it"
  )
  func lists() throws {
    let person = Person(
      nick: "countess", friends: [Friend(name: "Charles"), Friend(name: "Mary", nick: "M")])
    #expect(
      try rendered("{{#friends}}{{name}} {{#.nick}}({{nick}}){{/.nick}}\n{{/friends}}", person)
        == "Charles \nMary (M)\n")
    #expect(try rendered("{{#friends}}{{#nick}}{{nick}} {{/nick}}{{/friends}}", person) == "M ")
  }

  @Test("What is not a variable leaves no line of its own behind, with either end of line")
  func lines() throws {
    let template =
      "a\n  {{#knows}}\nb\r\n\t{{! no }}\r\n  {{/knows}}  \n{{^knows}}\n{{/knows}}\nc {{#knows}}\n{{/knows}} d"
    #expect(try rendered(template) == "a\nb\r\nc \n d")
    #expect(try rendered("{{#knows}}\nlast{{/knows}}") == "last")
    #expect(try rendered("{{#knows}}\n{{/knows}}") == "")
  }

  @Test(
    "A partial is put in by its name or by one that the content says, and indented where it has a line to itself"
  )
  func partials() throws {
    let partials = ["greeting": "Dear {{name}},\n{{#words}}\n{{.}}\n{{/words}}\n"]
    #expect(
      try rendered("x\n  {{> greeting}}\ny", partials: partials)
        == "x\n  Dear Ada &lt;A&gt;,\n  one\n  two\ny")
    #expect(
      try rendered("[{{>*template}}]", partials: ["greeting": "hello"]) == "[hello]")
    #expect(try rendered("a{{> missing}}b{{>*none}}") == "ab")
  }

  @Test("A partial may put in itself as long as its content ends")
  func recursion() throws {
    let template = "{{#words}}{{> main}}{{/words}}"
    let error = #expect(throws: TemplateError.self) { try rendered(template) }
    #expect(error?.message.contains("main") == true)
  }

  @Test(
    "A mistake is named with its line",
    arguments: [
      ("a\n{{#open}}", "line 2: the section \"open\" is not closed"),
      ("{{/shut}}", "line 1: there is no section \"shut\" to close here"),
      ("{{#a}}\n{{#b}}{{/a}}{{/b}}", "line 2: there is no section \"a\" to close here"),
      ("\n\n{{name", "line 3: a tag is not closed"), ("{{}}", "line 1: a tag is empty"),
      ("{{{name}}", "line 1: a tag is not closed"), ("{{=|=}}", "line 1: delimiters are two"),
      (String(repeating: "{{#a}}", count: 500), "line 1: sections nest deeper than 100"),
    ])
  func mistakes(template: String, message: String) throws {
    let error = #expect(throws: TemplateError.self) { try rendered(template) }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "none")")
  }

  @Test("Escaping goes by scalars: a quotation mark is one even under a combining mark")
  func escaping() {
    let text = "\"\u{301}><&'\u{1}é"
    let escaped = HTML.escaped(text) { $0.replacing("\u{1}", with: "\\u{1}") }
    #expect(
      Array(escaped.unicodeScalars)
        == Array("&quot;\u{301}&gt;&lt;&amp;&#39;\\u{1}é".unicodeScalars))
  }
}
