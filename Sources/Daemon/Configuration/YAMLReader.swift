import Stages
import Yams

/// Yams' nodes as `SettingsNode`s: with their places, and without what a configuration does not need.
enum YAMLReader {
  static func node(_ text: String) throws -> SettingsNode {
    do {
      // Nodes know their anchors as long as the parser lives.
      let parser = try Parser(yaml: text)
      return try withExtendedLifetime(parser) {
        guard let root = try parser.singleRoot() else { return .mapping([], Place(line: 1, column: 1)) }
        return try convert(root)
      }
    } catch let error as YamlError {
      throw SettingsError(message(of: error, in: text), at: place(of: error, in: text))
    }
  }

  private static func convert(_ node: Node) throws -> SettingsNode {
    let place = node.mark.map(Self.place) ?? Place(line: 1, column: 1)
    // An alias arrives as a copy of its node: a few lines could grow into gigabytes.
    guard anchor(of: node) == nil else {
      throw SettingsError("anchors and aliases (&name, *name) are not supported; write the value out", at: place)
    }
    switch node {
    case .scalar(let scalar):
      return .scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any, place)
    case .sequence(let sequence):
      return .sequence(try sequence.map(convert), place)
    case .mapping(let mapping):
      return .mapping(
        try mapping.map { key, value in
          let keyPlace = key.mark.map(Self.place) ?? place
          guard let name = key.string else { throw SettingsError("a key must be a text", at: keyPlace) }
          return SettingsNode.Entry(key: name, place: keyPlace, value: try convert(value))
        }, place)
    case .alias:
      throw SettingsError("anchors and aliases (&name, *name) are not supported; write the value out", at: place)
    }
  }

  private static func anchor(of node: Node) -> Anchor? {
    switch node {
    case .scalar(let scalar): scalar.anchor
    case .sequence(let sequence): sequence.anchor
    case .mapping(let mapping): mapping.anchor
    case .alias(let alias): alias.anchor
    }
  }

  private static func place(_ mark: Mark) -> Place { Place(line: mark.line, column: mark.column) }

  private static func place(of error: YamlError, in text: String) -> Place {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): place(mark)
    case .duplicatedKeysInMapping(_, let context): place(context.mark)
    case .reader(_, let offset, _, _): place(ofByte: offset ?? 0, in: text)
    default: Place(line: 1, column: 1)
    }
  }

  /// The reader counts bytes of UTF-8, as yaml_parser_t's `problem_offset` does.
  private static func place(ofByte offset: Int, in text: String) -> Place {
    let before = String(decoding: text.utf8.prefix(offset), as: UTF8.self)
    let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
    return Place(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }

  private static func message(of error: YamlError, in text: String) -> String {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if character(at: mark, in: text) == "\t" { return "no valid YAML: a tab stands here; indent with spaces" }
      let what = context.map { ", \($0.text) of line \($0.mark.line), column \($0.mark.column)" } ?? ""
      return "no valid YAML: \(problem)\(what)"
    case .reader(let problem, _, _, _):
      return "no valid YAML: \(problem)"
    case .duplicatedKeysInMapping(let duplicates, _):
      return "\(duplicates.joined(separator: ", ")) is there twice"
    default:
      return "no valid YAML: \(error)"
    }
  }

  private static func character(at mark: Mark, in text: String) -> Unicode.Scalar? {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(mark.line - 1) else { return nil }
    return lines[mark.line - 1].dropFirst(mark.column - 1).first
  }
}
