import Testing
import Transfer

@Suite struct TrustedURLTests {
  @Test(
    "secrets go to https, or to a loopback address where that is allowed",
    arguments: [
      ("https://gmail.googleapis.com", false, true), ("https://localhost:8443/x", false, true),
      ("http://127.0.0.1:80", true, true), ("http://127.0.0.1:80", false, false), ("http://[::1]:80", true, true),
      ("http://localhost:80/", true, true), ("http://example.be", true, false),
      ("http://127.0.0.1.evil.be", true, false),
      ("http://127.evil.be", true, false), ("http://127.+1.0.1", true, false),
      ("http://127.-0.0.1", true, false), ("http://127.0.09.1", true, false), ("https://a.be/\r\nx", true, false),
      ("https://a.be/b c", true, false), ("https://a.be\\@b.be", true, false), ("https://", true, false),
      ("gmail.googleapis.com", true, false),
      ("https://user:secret@example.be", true, false), ("file:///etc/passwd", true, false), ("", true, false),
    ])
  func rule(text: String, allowsLoopback: Bool, isTrusted: Bool) {
    #expect((TrustedURL(text, allowsLoopback: allowsLoopback) != nil) == isTrusted)
  }

  @Test("a slash at the end of a root is not doubled by the path that follows")
  func slash() {
    #expect(TrustedURL("https://a.be/")?.appending("/b").description == "https://a.be/b")
  }
}
