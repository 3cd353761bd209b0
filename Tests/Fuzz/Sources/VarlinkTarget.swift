import Foundation
import Model
import NIOCore

@testable import Control

/// What arrives on the control socket, by `FrameReader`, `JSONReader`, `VarlinkRequest` and `StrictParameters`.
enum VarlinkTarget {
  @Sendable static func check(_ bytes: [UInt8]) {
    let limit = VarlinkLimits().maximumRequestSizeInBytes
    let frames = checkFrames(bytes, limit)
    // A small bound as well, which inputs come upon.
    _ = checkFrames(bytes, Int(bytes.first ?? 0))
    for frame in frames { checkRequest(frame) }
  }

  private static func checkFrames(_ bytes: [UInt8], _ limit: Int) -> [[UInt8]] {
    let expected = FrameStream.expected(bytes, limit)
    let whole = FrameStream.read([bytes], limit)
    property(
      "a stream is cut at its NULs, and refused where a frame is too long", whole == expected, "\(whole) \(expected)")
    let cut = FrameStream.read(pieces(of: bytes), limit)
    property("how a stream is cut changes nothing", cut == whole, "\(cut) \(whole)")
    return whole.frames
  }

  private static func checkRequest(_ frame: [UInt8]) {
    compare(frame)
    guard let request = try? VarlinkRequest(ByteBuffer(bytes: frame)) else { return }
    if request.flag == nil || request.flag == .more {
      let again = try? VarlinkRequest(
        body(of: VarlinkFrame.call(request.method, parameters: request.parameters, more: request.flag == .more)))
      let isEqual = again.map { again in
        again.method == request.method && again.flag == request.flag
          && JSON.object(request.parameters).isSame(as: .object(again.parameters))
      }
      property("a request can be written and read again", isEqual == true, "\(request)")
    }
    property(
      "a name is its interface and its method",
      request.interface.map { "\($0).\(request.shortName)" == request.method } ?? (request.shortName == request.method))
    for method in methods(for: request) { check(request, method) }
  }

  /// With Foundation's reader, which takes its time where values are deep within each other.
  private static func compare(_ frame: [UInt8]) {
    guard frame.count <= 512, let value = try? JSONReader.read(frame) else { return }
    let other = try? JSONDecoder().decode(JSON.self, from: Data(frame))
    property(
      "what is JSON to us is the same to Foundation", other.map(value.isSame(as:)) == true,
      String(decoding: frame, as: UTF8.self))
  }

  /// The one that it names; else one that the name chooses, so that unnamed ones are tried too.
  private static func methods(for request: VarlinkRequest) -> [any VarlinkMethod.Type] {
    let all = JobsInterface.methods
    if let named = all.first(where: { $0.name == request.shortName }) { return [named] }
    let sum = request.method.utf8.reduce(0) { ($0 + Int($1)) % all.count }
    return [all[sum]]
  }

  private static func check<M: VarlinkMethod>(_ request: VarlinkRequest, _ method: M.Type) {
    do {
      let value = try StrictParameters.decode(M.Parameters.self, from: request.parameters)
      let text = try WireJSON.encode(value)
      guard case .object(let again) = try WireJSON.decode(JSON.self, from: text) else {
        return property("parameters are an object", false)
      }
      let second = try StrictParameters.decode(M.Parameters.self, from: again)
      property("parameters can be written and read again", try WireJSON.encode(second) == text)
      // Every member that counts came through.
      for (name, value) in request.parameters where value != .null {
        property("no parameter is lost", again[name] != nil, name)
      }
    } catch let error as VarlinkError {
      property("what does not fit is named", error.shortName == "InvalidParameter", error.name)
      let name = error.parameters["parameter"]?.string
      property("the name of a parameter is its own", name?.isEmpty == (request.parameters[""] != nil && name == ""))
      check(error)
    } catch {
      property("parameters are refused with an error of the protocol", false, "\(error)")
    }
  }

  private static func check(_ error: VarlinkError) {
    guard let buffer = try? VarlinkFrame.error(error) else {
      return property("an error can be written", false, "\(error)")
    }
    let reply = try? WireJSON.decode(JSON.self, from: Data(buffer: body(of: buffer)))
    property(
      "an error can be read again", reply?["error"]?.string == error.name && reply?["parameters"] == error.parameters)
  }

  /// A frame without its NUL, which is the only one.
  private static func body(of frame: ByteBuffer) -> ByteBuffer {
    property(
      "a frame has one NUL, at its end",
      frame.readableBytesView.last == 0 && frame.readableBytesView.count { $0 == 0 } == 1)
    return frame.getSlice(at: frame.readerIndex, length: frame.readableBytes - 1) ?? ByteBuffer()
  }
}
