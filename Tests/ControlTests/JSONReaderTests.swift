import Control
import Foundation
import Model
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
  private func read(_ text: String) throws -> JSON { try WireJSON.decode(JSON.self, from: Data(text.utf8)) }

  @Test("every kind of value is read, with blanks between its parts")
  func values() throws {
    let text = " { \"a\" : [ null , true,false ,0,-12, 1.5,\"\", { } , [ ] ]\t,\"b\":{\"c\":\"d\"}\r\n} "
    #expect(
      try read(text)
        == .object([
          "a": .array([
            .null, .bool(true), .bool(false), .integer(0), .integer(-12), .number(1.5), .string(""), .object([:]),
            .array([]),
          ]),
          "b": .object(["c": .string("d")]),
        ]))
  }

  @Test(
    "a whole number within 64 bits stays whole, another one is a double",
    arguments: [
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)), ("1.0", .integer(1)),
      ("1E2", .integer(100)), ("-0", .integer(0)), ("9223372036854775808", .number(0x1p63)), ("2.5e-1", .number(0.25)),
    ] as [(String, JSON)])
  func numbers(text: String, value: JSON) throws {
    #expect(try read(text) == value)
  }

  @Test("escapes are undone, pairs of surrogates joined")
  func escapes() throws {
    #expect(try read(#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00\u0000é😀""#) == .string("\"\\/\u{8}\u{C}\n\r\tAé😀\0é😀"))
  }

  @Test(
    "what is not JSON is refused",
    arguments: [
      "", " ", "nul", "nulll", "True", "01", "-", "+1", ".5", "1.", "1e", "1e400", "NaN", "'a'", #"""#, #""\x""#,
      #""\u12"#,
      #""\ud83d""#, #""\ud83dA""#, #""\ude00""#, #""\ud83d\u0041""#, "\"\n\"", "[", "[1", "[1,]", "[1 2]", "]", "{",
      "{}}",
      "{1:2}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, #"{"a":1,"a":2}"#, "1 2", "// a",
    ])
  func refused(text: String) {
    #expect(throws: DecodingError.self) { try read(text) }
  }

  @Test(
    "a fault names the byte from which on nothing can be read; a word and an escape are read as one",
    arguments: [
      ("[1,x]", 3), ("[01]", 1), (#"["ab\qc"]"#, 4), (#"["\ud83dA"]"#, 2), ("{\"a\":1,}", 7), ("[1", 2), ("1 2", 2),
    ])
  func faults(text: String, position: Int) {
    let error = #expect(throws: DecodingError.self) { try read(text) }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription == "not JSON from byte \(position) on")
  }

  @Test("64 values within each other are read, one more is refused")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try read(nested(64)) }
    #expect(throws: DecodingError.self) { try read(nested(65)) }
    #expect(throws: DecodingError.self) { try read(String(repeating: #"{"a":"#, count: 5000)) }
  }

  @Test("what was read is written as Foundation's encoder writes it")
  func written() throws {
    let text =
      #"{"é":[1,-2.5,1e300,1e-7,true,null],"B":{},"a":"\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é😀","a1":[],"a10":"","a2":0}"#
    let value = try read(text)
    #expect(try value.text == WireJSON.encode(value) && read(String(decoding: value.text, as: UTF8.self)) == value)
  }

  @Test("bytes that are no UTF-8 are refused")
  func notUTF8() {
    #expect(throws: DecodingError.self) {
      try WireJSON.decode(JSON.self, from: Data([0x22, 0xff, 0x22]))
    }
  }
}
