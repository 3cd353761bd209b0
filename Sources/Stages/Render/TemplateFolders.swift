import Files
import Foundation

/// The folders that templates are read from.
struct TemplateFolders {
  /// Far above any mail, and small enough to keep a mistaken path from filling the memory.
  static let maximumSizeInBytes = 1 << 20
  static let languageMark = "{language}"

  let folders: [String]

  /// The first file of this name, as LF-separated text without a byte order mark.
  func read(_ name: String) throws(TemplateError) -> (path: String, text: String) {
    guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.fileExists) else {
      throw TemplateError(
        file: name, reason: "there is no such template in \(folders.joined(separator: ", ")); put it there")
    }
    let file: SmallFile
    do {
      file = try SmallFile(reading: path, maximumSizeInBytes: Self.maximumSizeInBytes)
    } catch {
      throw TemplateError(file: path, reason: error.reason)
    }
    guard var text = String(validating: file.bytes, as: UTF8.self) else {
      throw TemplateError(file: path, reason: "is not UTF-8; save it as UTF-8")
    }
    try TemplateBounds.checkMarks(of: text, file: path)
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    return (path, text.replacing("\r\n", with: "\n"))
  }

  /// The languages that the files of this name are there for: what stands in the place of `{language}`, lower case.
  ///
  /// Empty when the name has no `{language}`.
  func languages(of name: String) -> Set<String> {
    guard let mark = name.range(of: Self.languageMark) else { return [] }
    let (prefix, suffix) = (name[..<mark.lowerBound], name[mark.upperBound...])
    let names = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
    return Set(
      names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) && $0.count > prefix.count + suffix.count }
        .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }
        .filter { LanguageTag.isCanonical($0) })
  }

  /// The text with the language in the place of each `{language}`; `{{language}}` is a value, and stays.
  static func text(_ text: String, in language: String) -> String {
    let parts = text.components(separatedBy: languageMark)
    return parts.dropFirst().reduce(parts[0]) { result, part in
      result + (result.hasSuffix("{") ? languageMark : language) + part
    }
  }
}
