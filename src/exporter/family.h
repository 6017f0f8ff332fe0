// What a metric is: its name, type, help and the names of its labels. Every metric that the exporter can show
// is one of these, as a constant in the file of its collector, so that tests and documents can list them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mullion::exporter {

enum class Kind : std::uint8_t { counter, gauge };

struct Family {
    static constexpr std::size_t most_labels = 8;

    std::string_view name;
    Kind kind = Kind::gauge;
    std::string_view help;
    std::array<std::string_view, most_labels> label_names = {};  // The rest is empty.

    [[nodiscard]] std::span<const std::string_view> labels() const {
        std::size_t count = 0;
        while (count < label_names.size() && !label_names[count].empty()) ++count;
        return std::span(label_names).first(count);
    }
};

[[nodiscard]] constexpr std::string_view kind_name(Kind kind) {
    return kind == Kind::counter ? "counter" : "gauge";
}

}  // namespace mullion::exporter
