import Foundation
import Model
import Testing

@Suite("docs/manifest.md")
struct ManifestDocumentationTests {
  @Test("explains every problem code", arguments: ImportProblemCode.allCases)
  func codes(_ code: ImportProblemCode) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
    let page = try String(contentsOf: root.appending(path: "docs/manifest.md"), encoding: .utf8)
    #expect(page.contains("`\(code.rawValue)`"))
  }
}
