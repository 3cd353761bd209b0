import ArgumentParser
import Control

extension Language: ExpressibleByArgument {}
