// What Win32_Process can do.
#pragma once

#include <cstdint>
#include <span>

#include "cim/provider.h"

namespace mullion::cim {

inline constexpr ParameterDef create_parameters[] = {
    {"CommandLine"}, {"CurrentDirectory"}, {"ProcessId", Type::uint32, false, true}};
inline constexpr ParameterDef terminate_parameters[] = {{"Reason", Type::uint32}};
inline constexpr ParameterDef owner_parameters[] = {{"User", Type::string, false, true},
                                                    {"Domain", Type::string, false, true}};
inline constexpr MethodDef process_methods[] = {{"Create", Type::uint32, true, create_parameters},
                                                {"Terminate", Type::uint32, false, terminate_parameters},
                                                {"GetOwner", Type::uint32, false, owner_parameters}};

[[nodiscard]] MethodOutcome create_process(const Machine& machine, const MethodCall& call);
[[nodiscard]] MethodOutcome terminate_process(const Machine& machine, std::uint64_t process);
[[nodiscard]] MethodOutcome owner_of_process(const Machine& machine, std::uint64_t process);

}  // namespace mullion::cim
