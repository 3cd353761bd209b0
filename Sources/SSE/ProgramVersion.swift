/// Of `invoiced-sse --version`.
let programVersion = "0.1.0"
