// Win32_PageFileUsage: what the machine swaps to. Sizes are in MB.
#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {{"AllocatedBaseSize", uint32},
                                      {"CurrentUsage", uint32},
                                      {"Name", string, true},
                                      {"PeakUsage", uint32},
                                      {"TempPageFile", boolean}};

constinit const ClassDef definition_ = {
    "Win32_PageFileUsage", &cim_logical_element, properties, {}, false, false, "root/cimv2"};

constexpr std::uint64_t megabyte = 1 << 20;

class PageFileUsage final : public Provider {
public:
    PageFileUsage() : Provider(definition_) {}

    // The kernel keeps no peak: PeakUsage is null. A kernel without swap has no such file, and no instances.
    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        const auto text = machine.read("/proc/swaps");
        for (const auto& swap : text ? parse_swaps(*text) : std::vector<Swap>{}) {
            auto instance = make();
            const auto name = readable(swap.file);
            instance.set("Name", name)
                .set("Caption", name)
                .set("Description", name)
                .set("AllocatedBaseSize", swap.size / megabyte)
                .set("CurrentUsage", swap.used / megabyte);
            if (!sink.put(std::move(instance))) break;
        }
        return std::nullopt;
    }
};

}  // namespace

const Provider& page_file_usage() {
    static const PageFileUsage provider;
    return provider;
}

}  // namespace mullion::cim
