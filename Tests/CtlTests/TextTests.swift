import Control
import Model
import Testing

@testable import Ctl

@Suite struct TextTests {
  @Test(
    "no control character reaches the terminal",
    arguments: [
      ("a\u{1B}[2Jb", "a␛[2Jb"), ("a\r\nb", "a␍␊b"), ("\u{9B}31m", "\u{FFFD}31m"), ("\u{7F}", "␡"),
      ("a\u{202E}fdp", "a<U+202E>fdp"), ("INV\u{200B}", "INV<U+200B>"), ("\u{2028}", "\u{FFFD}"), ("⚠️ é 日本", "⚠️ é 日本"),
    ])
  func printable(_ text: String, _ shown: String) {
    #expect(text.printable == shown)
  }

  @Test("text of several lines keeps its line ends and tabs, and nothing else")
  func printableLines() {
    #expect("a\tb\r\nc\u{1B}\n".printableLines == "a\tb\nc␛\n")
  }

  @Test(
    "wide characters and emoji take two columns, marks none",
    arguments: [
      ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("✅", 2), ("⚠️", 2), ("한", 2), ("█░", 2), ("👩‍👩‍👧", 2), ("", 0),
    ])
  func columns(_ text: String, _ columns: Int) {
    #expect(text.columns == columns)
  }

  @Test("a text is cut between characters, to whole columns")
  func shortened() {
    #expect("日本語".shortened(to: 4) == "日…")
    #expect("abc".shortened(to: 3) == "abc")
    #expect("abc".shortened(to: 0) == "")
  }

  @Test("the columns of a table are aligned by what is seen")
  func table() {
    var table = Table(("N", .right), ("Client", .left), ("X", .left))
    table.add("1", "日本", "a")
    table.add("20", "Zoë", "")
    #expect(table.takeLines() == [" N  Client  X", " 1  日本    a", "20  Zoë"])
  }

  @Test("of a table the lines are taken as they come, in columns that get wider and not narrower")
  func tableInParts() {
    var table = Table(("N", .right), ("Client", .left), ("X", .left))
    #expect(table.takeLines() == ["N  Client  X"])
    table.add("1", "Dewael & fils", "a")
    #expect(table.takeLines() == ["1  Dewael & fils  a"])
    table.add("100", "Zoë", "b")
    #expect(table.takeLines() == ["100  Zoë            b"])
    #expect(table.takeLines() == [])
  }

  @Test(
    "CSV is quoted by RFC 4180, and formulas are disarmed",
    arguments: [
      ("a", "a"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""), ("=1+1", "'=1+1"),
      ("+32 2", "'+32 2"), ("-1", "'-1"), ("@SUM(A1,2)", "\"'@SUM(A1,2)\""), ("", ""), ("\tx", "'\tx"),
      ("a\"\u{301}", "\"a\"\"\u{301}\""),
    ])
  func csv(_ field: String, _ written: String) {
    #expect(CSV().record([field, "z"]) == "\(written),z\r\n")
  }

  @Test("CSV is quoted by its own separator", arguments: ["semicolon", ";"])
  func separator(_ name: String) throws {
    let csv = CSV(separator: try #require(CSV.Separator(named: name)))
    #expect(csv.record(["a;b", "1,5", "é"]) == "\"a;b\";1,5;é\r\n")
    #expect(CSV.Separator(named: "tab") == .tab && CSV.Separator(named: "|") == nil)
  }

  @Test("a piece of a manifest fits into a request, whatever its characters")
  func requestText() throws {
    for text in [
      String(repeating: "\"", count: 100_000), String(repeating: "\u{1}", count: 50_000),
      String(repeating: "日", count: 40_000), String(repeating: "a", count: 100_000), "x", "",
    ] {
      let pieces = Array(RequestText(text))
      #expect(pieces.joined() == text)
      for piece in pieces {
        #expect(piece.utf8.count <= JobsInterface.AddRows.maximumTextSizeInBytes)
        #expect(try WireJSON.encode([piece]).count <= RequestText.maximumEncodedSizeInBytes + 4)
      }
    }
  }

  @Test("yes is yes in both languages, and nothing else is")
  func yes() {
    for answer in ["o", "Oui", " y ", "YES"] { #expect(Wording.isYes(answer)) }
    for answer in ["", "n", "non", "ok", "oh"] { #expect(!Wording.isYes(answer)) }
  }
}
