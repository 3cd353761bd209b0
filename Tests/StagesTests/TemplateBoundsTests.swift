import Foundation
import Model
import TestSupport
import Testing

@testable import Stages

@Suite("Bounds of templates", .timeLimit(.minutes(1)))
struct TemplateBoundsTests {
  private typealias Folder = TemplateRenderTests.Folder

  /// Where and why the templates are refused, without the folder.
  private func refusal(_ files: [String: String]) throws -> String {
    let folder = try Folder(files)
    let error = try #require(#expect(throws: TemplateError.self) { try folder.stage() })
    return error.description.replacing(folder.path + "/", with: "")
  }

  @Test(
    "sections nest 32 deep, and not deeper",
    arguments: [("{{#a}}", "{{/a}}"), ("{{^a}}", "{{/a}}"), ("{{$a}}", "{{/a}}")])
  func depth(_ start: String, _ end: String) throws {
    func text(_ depth: Int) -> String {
      "x\n" + String(repeating: start, count: depth) + String(repeating: end, count: depth)
    }
    _ = try Folder(["t.txt": text(32)]).stage()
    for depth in [33, 3_000, 60_000] {
      #expect(
        try refusal(["t.txt": text(depth)])
          == "t.txt:2:193: more than 32 sections inside each other; take some out")
    }
  }

  @Test(
    "no spelling hides a section from the bound",
    arguments: [
      "{{\n{{#a}}", "{{#a}}{{!}}\u{301}{{/a}}}}", "{{=<% %>=}}<%#a%>", "{{<p}}{{$a}}", "{{! }\n}}{{# a }}",
      "{{#a\n}}",
    ])
  func hidden(_ text: String) throws {
    let refusal = try refusal(["t.txt": String(repeating: text, count: 5_000), "p": ""])
    #expect(refusal.hasPrefix("t.txt:"), "\(refusal)")
  }

  @Test("100,000 tags or braces are refused where there are too many, at once")
  func work() throws {
    let start = ContinuousClock.now
    for text in [String(repeating: "{{a}}\n", count: 100_000), String(repeating: "a { b }\n", count: 100_000)] {
      let refusal = try refusal(["t.txt": text])
      #expect(refusal.contains(": too many tags and braces for a text of") || refusal.contains("too many braces"))
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test("a character of 100,000 marks is refused, in a file and in a subject, at once")
  func marks() throws {
    let start = ContinuousClock.now
    let text = "a\n" + String(repeating: "\u{323}\u{301}", count: 50_000)
    let reason = "more than 128 combining marks follow each other; take them out"
    #expect(try refusal(["t.txt": text]) == "t.txt:2: " + reason)
    #expect(try refusal(["t.txt": "{{> p}}", "p": text]) == "p:2: " + reason)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test("2,000 tags in 100 KiB are read within seconds")
  func many() async throws {
    let line = "{{number}} " + String(repeating: "x", count: 38) + "\n"
    let folder = try Folder(["t.txt": String(repeating: line, count: 1_900)])
    let start = ContinuousClock.now
    let text = try await folder.stage().render(TemplateRenderTests.invoice()).text
    #expect(text.hasSuffix("x\n") && text.utf8.count > 90_000)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("partials that name each other twice are refused, whatever they would become")
  func doubling() throws {
    var files = ["t.txt": "{{> p0.txt}}", "p20.txt": "text"]
    for i in 0..<20 { files["p\(i).txt"] = "{{> p\(i + 1).txt}}{{> p\(i + 1).txt}}" }
    let refusal = try refusal(files)
    #expect(refusal.contains("more than 10000 tags, those of a partial counted each time it is named"), "\(refusal)")
  }

  @Test("a long text that partials repeat is refused by its size")
  func repeated() throws {
    let files = [
      "t.txt": String(repeating: "{{> p.txt}}", count: 100), "p.txt": String(repeating: "x", count: 20_000),
    ]
    #expect(try refusal(files).contains("more than 1048576 bytes, those of a partial counted each time"))
    // The blanks before a partial stand before each of its lines.
    let indented = [
      "t.txt": String(repeating: " ", count: 20_000) + "{{> p.txt}}\n",
      "p.txt": String(repeating: "x\n", count: 20_000),
    ]
    #expect(try refusal(indented).contains("more than 1048576 bytes"))
  }

  @Test("a chain of partials is as deep as sections may be")
  func chain() throws {
    var files = ["t.txt": "{{> p0.txt}}", "p40.txt": ""]
    for i in 0..<40 { files["p\(i).txt"] = "{{> p\(i + 1).txt}}" }
    #expect(try refusal(files) == "p31.txt:1:1: more than 32 partials inside each other; take some out")
  }

  @Test("a block inside itself has no end, and is refused")
  func blocks() async throws {
    let files = ["t.txt": "{{<p}}{{$a}}x{{$a}}{{/a}}{{/a}}{{/p}}", "p": "{{$a}}{{/a}}"]
    #expect(try refusal(files).contains("more than 32 sections and partials inside each other"))
    let mutual = [
      "t.txt": "{{<p}}{{$a}}{{$b}}{{/b}}{{/a}}{{$b}}{{$a}}{{/a}}{{/b}}{{/p}}", "p": "{{$a}}{{/a}}",
    ]
    #expect(try refusal(mutual).contains("more than 32 sections and partials inside each other"))
    let sound = try Folder(["t.txt": "{{<p}}{{$a}}x{{/a}}{{/p}}", "p": "[{{$a}}y{{/a}}{{$b}}z{{/b}}]"])
    #expect(try await sound.stage().render(TemplateRenderTests.invoice()).text == "[xz]")
  }

  @Test("values of more than 1 MiB in one mail fail the delivery")
  func values() async throws {
    var invoice = TemplateRenderTests.invoice()
    invoice.fields["customer"] = String(repeating: "é", count: 30_000)
    let folder = try Folder(["t.txt": String(repeating: "{{customer}}", count: 20), "u.txt": "{{customer}}"])
    let error = await #expect(throws: StageError.self) { try await folder.stage().render(invoice) }
    #expect(error?.code == .messageTooLarge && error?.meaning == .reject)
    #expect(try await folder.stage(text: "u.txt").render(invoice).text.utf8.count == 60_000)
  }

  @Test("a tag without an end is named by where it begins")
  func open() throws {
    #expect(try refusal(["t.txt": "one\n two {{number"]) == "t.txt:2:6: this tag has no end; write }} behind its name")
  }

  @Test("a named pipe, a folder or a device is no template, and nobody waits for it")
  func special() throws {
    let folder = try Folder([:])
    try #require(mkfifo(folder.path + "/pipe.txt", 0o600) == 0)
    try FileManager.default.createDirectory(atPath: folder.path + "/folder.txt", withIntermediateDirectories: true)
    symlink("/dev/zero", folder.path + "/device.txt")
    for name in ["pipe.txt", "folder.txt", "device.txt"] {
      #expect(
        throws: TemplateError(file: "\(folder.path)/\(name)", reason: "cannot be read: it is not a regular file")
      ) { try folder.stage(text: name) }
    }
  }

  @Test("capitals in the name of a value do not matter")
  func capitals() async throws {
    let folder = try Folder(["t.txt": "{{Amount}} {{NUMBER}} {{Period.Month}} {{#period}}{{Year}}{{/period}}"])
    var invoice = TemplateRenderTests.invoice()
    invoice.fields = ["AMOUNT": "12,50"]
    #expect(try await folder.stage().render(invoice).text == "12,50 2026-10-007 10 2026")
  }
}
