// What this process says, without the secrets that it was handed. Until the first one is, nothing is done
// here.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "client/cim.h"
#include "client/config.h"
#include "core/error.h"
#include "core/log.h"
#include "doctor/doctor.h"
#include "secrets/masking/masks.h"

namespace mullion::cli {

// The process's own: whoever was handed a secret adds it, and whoever writes something out asks. From any
// thread.
[[nodiscard]] secrets::Masks& masks();

// From now on these are left out. What the operator should know of it: one that is too short, and its like.
[[nodiscard]] std::vector<std::string> hide(std::span<const Secret> values);

[[nodiscard]] std::string masked(std::string text);
// What hosts said, and what was tried. The rest of it is ours, and a password that is a word of it says
// nothing there.
[[nodiscard]] Error masked(Error error);

void mask(wsman::cim::Instance& instance);
void mask(client::CimOutcome& outcome);
void mask(client::ConfigOutcome& outcome);
void mask(doctor::Finding& finding);
// Every text in it that is a value, but names and states of ours, by which programs read it.
void mask(nlohmann::ordered_json& json);

// The same log, whose lines are masked.
[[nodiscard]] std::unique_ptr<Logger> masked(std::unique_ptr<Logger> log);

}  // namespace mullion::cli
