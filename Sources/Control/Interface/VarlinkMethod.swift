/// One method of an interface: its name and the shapes of its call and of its replies.
package protocol VarlinkMethod: Sendable {
  associatedtype Parameters: Codable & Sendable
  associatedtype Reply: Codable & Sendable

  /// Name of the interface that it belongs to; `JobsInterface.name` unless a method says otherwise.
  static var interface: String { get }

  /// The short name, without the interface's.
  static var name: String { get }

  /// Changes nothing: it may be called with `oneway`. False unless a method says otherwise.
  static var isReadOnly: Bool { get }

  /// Answers with several replies, and is refused without `more`. False unless a method says otherwise.
  static var needsMore: Bool { get }
}

extension VarlinkMethod {
  package static var interface: String { JobsInterface.name }
  package static var isReadOnly: Bool { false }
  package static var needsMore: Bool { false }
}

/// No parameters, or a reply without fields: `{}`.
package struct Empty: Codable, Sendable, Hashable {
  private enum CodingKeys: CodingKey {}

  package init() {}

  /// Asks for members, unlike a synthesized one: who decodes strictly finds that there are none.
  package init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: CodingKeys.self) }
}
