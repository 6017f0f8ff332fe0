// Templates: each line is a variable v0, v1 … of one host. Never crashes, ends soon, and what comes out of a
// text is a text that is not looked at again.
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "inventory/evaluate.h"
#include "inventory/host_plan.h"
#include "inventory/template.h"
#include "inventory/value_text.h"

using namespace mullion;
using namespace mullion::inventory;

namespace {

class Lines final : public Inventory {
public:
    explicit Lines(std::string_view text) : vault_({}) {
        const auto host = model_.host("web01");
        model_.add_file("hosts");
        for (std::uint32_t line = 0; !text.empty() && line < 20; ++line) {
            const auto end = text.find('\n');
            const Value value{std::string(text.substr(0, end)), {0, line + 1}};
            model_.set(host, "v" + std::to_string(line), value);
            if (line == 0) model_.set(host, "ansible_host", value);
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        model_.settle();
    }
    const Model& model() const override { return model_; }
    const Vault& vault() const override { return vault_; }
    Variables variables(HostIndex host) const override { return model_.hosts()[host].variables; }
    const Value* find(HostIndex host, std::string_view name) const override {
        return find_variable(model_.hosts()[host].variables, name);
    }
    std::shared_ptr<const Value> magic(HostIndex, std::string_view) const override { return nullptr; }
    const std::vector<GroupIndex>& groups_of(HostIndex host) const override {
        return model_.hosts()[host].groups;
    }

private:
    Model model_;
    Vault vault_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto pieces = parse_template(text);
    if (!is_template(text)) FUZZ_CHECK(pieces.ok());
    const Lines inventory(text);
    for (const auto& [name, value] : inventory.variables(0)) {
        const auto result = evaluate(inventory, 0, value);
        if (!result.ok()) {
            FUZZ_CHECK(result.error().detail.rfind("hosts:", 0) == 0);
            continue;
        }
        FUZZ_CHECK(value_text(*result).size() <= 4 * 1024 * 1024);
        const auto again = evaluate(inventory, 0, *result);
        FUZZ_CHECK(again.ok() && value_text(*again) == value_text(*result));
    }
    Planner planner(inventory, {}, {});
    (void)planner.plan(0).ok();
    return 0;
}
