// --output
#pragma once

#include <CLI/App.hpp>

#include <string>

namespace mullion::cli {

enum class Format { text, json, jsonl };

// Declares --output.
void declare_format(CLI::App& app, Format& format);

}  // namespace mullion::cli
