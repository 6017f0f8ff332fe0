// Enumerations of classes, both ends, over wsman/enumeration.h: what is asked for with its rules. Batches of
// answers are read by batch_stream.h. DSP0226 8, DSP0227 9 and 16, [MS-WSMV] 3.1.4.8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "wsman/cim/class_uri.h"
#include "wsman/cim/filter.h"
#include "wsman/enumeration.h"

namespace mullion::wsman::cim {

enum class Mode : std::uint8_t { object, reference, object_and_reference };  // DSP0226 8.7

// What of derived classes is shown; DSP0227 9.3.
enum class Polymorphism : std::uint8_t { include, exclude, none };

struct Enumeration {
    Target of;
    Mode mode = Mode::object;
    std::optional<Polymorphism> polymorphism = {};
    Filter filter = {};
    bool optimize = true;
    std::optional<std::uint32_t> max_elements = {};
    std::optional<Duration> expires = {};  // How long the client would like it to be kept.
    bool operator==(const Enumeration&) const = default;
};

[[nodiscard]] std::string write_enumeration(const RequestSettings& settings, std::string_view message_id,
                                            const Enumeration& enumeration);
// Errors: wsman.malformed with the fault to answer with.
[[nodiscard]] Result<Enumeration> read_enumeration(const Message& message);

// Pull and Release repeat what Enumerate was about. Their readers are wsman/enumeration.h's.
[[nodiscard]] std::string write_pull(const RequestSettings& settings, std::string_view message_id,
                                     const Target& target, const Pull& pull);
[[nodiscard]] std::string write_release(const RequestSettings& settings, std::string_view message_id,
                                        const Target& target, std::string_view context);

// <w:Item> of an object, which is XML of its own (InstanceWriter's), and its reference.
[[nodiscard]] std::string object_and_reference_item(std::string_view object, const Reference& reference);

}  // namespace mullion::wsman::cim
