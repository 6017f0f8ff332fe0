// What modes build on, layer by layer: each is looked at by one question that every host has an answer to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/options.h"
#include "doctor/chart.h"
#include "doctor/finding.h"
#include "doctor/monitoring/causes.h"

namespace mullion::doctor {

// The question whose answer shows whether a layer is open: of a class that is empty on no host.
[[nodiscard]] checks::Ask control_of(Chart& chart, Layer layer);

[[nodiscard]] Finding check_layer(Chart& chart, Layer layer);

// Services that the host does not list though they run, or lists without their state. Nothing: none is known.
[[nodiscard]] std::optional<Lack> hidden_services(Chart& chart);

// A mode, and the options that it is asked with here.
struct Variant {
    std::string_view mode;
    std::string name;  // "sessions --command=qwinsta"
    checks::Words words = {};
    bool extra = false;  // Beside the mode itself: the host is well without it.
};
[[nodiscard]] std::vector<Variant> variants_of(const Monitoring& monitoring);

}  // namespace mullion::doctor
