import Foundation

/// JSON text of an object, made elsewhere and passed on as it is. Has no NUL.
package struct RawJSON: Sendable {
  let data: Data

  package init(_ data: Data) { self.data = data }

  package init(_ text: String) { data = Data(text.utf8) }

  /// A page of a list whose elements' JSON was made before: `{"jobs":[<element>,…],"next":<next>}`.
  ///
  /// - Parameter next: where the next page begins; nil on the last one.
  package init(_ list: StaticString, _ elements: [String], next: JSON?) {
    var data = Data("{\"\(list)\":[\(elements.joined(separator: ","))]".utf8)
    if let next { data += Data(",\"next\":".utf8) + next.text }
    data.append(UInt8(ascii: "}"))
    self.data = data
  }
}
