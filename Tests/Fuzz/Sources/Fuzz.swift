import Foundation

/// The program: libFuzzer's driver around the target that the environment variable `FUZZ_TARGET` names.
///
/// libFuzzer starts this program again to merge corpora, with other arguments; the environment stays.
enum Fuzz {
  static let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
      print("FUZZ_TARGET is to be one of: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
      exit(2)
    }
    return target
  }()
}

/// LibFuzzer.h: runs `callback` on one input after the other, as the arguments say; returns the exit status.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// SwiftPM links a program so that it begins at `<module>_main`, and libFuzzer's own `main` is passed over.
@_cdecl("Fuzz_main")
public func fuzzMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var count = count
  var arguments = arguments
  _ = Fuzz.target
  return withUnsafeMutablePointer(to: &arguments) { runDriver(&count, $0, testOneInput) }
}

/// What libFuzzer calls with each input; the name is the one that it links to.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Fuzz.target.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
