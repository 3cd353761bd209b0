import Foundation
import Model
import NIOCore

/// Writes frames: one line of JSON and a NUL.
enum VarlinkFrame {
  /// - Parameter parameters: JSON text of an object, put in as it is.
  static func reply(_ parameters: Data, continues: Bool) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(parameters.count + 40)
    buffer.writeString(continues ? #"{"continues":true,"parameters":"# : #"{"parameters":"#)
    buffer.writeBytes(parameters)
    buffer.writeStaticString("}\0")
    return buffer
  }

  /// Several that more will follow, each with one field.
  ///
  /// - Parameter raw: JSON texts of the field's value, put in as they are.
  static func replies(_ field: StaticString, _ raw: [String]) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(raw.reduce(0) { $0 + $1.utf8.count + 64 })
    for value in raw { buffer.writeString("{\"continues\":true,\"parameters\":{\"\(field)\":\(value)}}\0") }
    return buffer
  }

  static func error(_ error: VarlinkError) throws -> ByteBuffer {
    try frame(ErrorReply(error: error.name, parameters: error.parameters))
  }

  static func call(_ method: String, parameters: some Encodable, more: Bool) throws -> ByteBuffer {
    try frame(Call(method: method, parameters: parameters, more: more ? true : nil))
  }

  private static func frame(_ object: some Encodable) throws -> ByteBuffer {
    var buffer = ByteBuffer(bytes: try WireJSON.encode(object))
    buffer.writeInteger(UInt8(0))
    return buffer
  }

  private struct ErrorReply: Encodable {
    var error: String
    var parameters: JSON
  }

  private struct Call<Parameters: Encodable>: Encodable {
    var method: String
    var parameters: Parameters
    var more: Bool?
  }
}
