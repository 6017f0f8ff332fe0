// Prometheus' text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "exporter/family.h"

namespace mullion::exporter {

inline constexpr std::string_view text_format_type = "text/plain; version=0.0.4; charset=utf-8";

// Backslash, line feed and, of a label, the quote. What is no UTF-8 becomes U+FFFD: Prometheus refuses all of
// an answer that has one such byte.
void append_help(std::string& out, std::string_view text);
void append_label_value(std::string& out, std::string_view text);

// As few digits as give the same number again; "NaN", "+Inf", "-Inf".
void append_number(std::string& out, double value);

// "# HELP …" and "# TYPE …".
void append_header(std::string& out, const Family& family);

// {a="1",b="2"}; nothing without labels. An empty value is the same as no label, so it is left out.
void append_labels(std::string& out, std::span<const std::string_view> names,
                   std::span<const std::string_view> values);

// Each label's value as `change` gives it back; names, numbers and comments stay. What `metrics` has of
// labels was written by append_labels().
[[nodiscard]] std::string with_label_values(std::string_view metrics,
                                            const std::function<std::string(std::string)>& change);

}  // namespace mullion::exporter
