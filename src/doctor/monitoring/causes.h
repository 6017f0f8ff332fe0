// From the evidence to the grant that is missing. Where it does not tell two causes apart, both are said.
#pragma once

#include <optional>

#include "doctor/chart.h"
#include "doctor/monitoring/evidence.h"
#include "doctor/monitoring/monitoring.h"

namespace mullion::doctor {

// By the class that is asked, or what else the question is.
enum class Layer { cim, counters, eventlog, services, files, registry, shell, none };
[[nodiscard]] Layer layer_of(const checks::Ask& question);
[[nodiscard]] std::string_view name_of(Layer layer);

// Nothing is missing where the answer has what every host has.
[[nodiscard]] std::optional<Lack> lack_of(Chart& chart, const checks::Ask& question, const Told& told);

}  // namespace mullion::doctor
