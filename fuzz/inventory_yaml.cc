// YAML inventories: whatever the bytes, an error or a model that holds together; read as a stream or from a
// tree, it is the same one.
#include <string>
#include <string_view>

#include "check.h"
#include "inventory/readers.h"
#include "inventory/tests/show.h"

using namespace mullion::inventory;

namespace {

// A range of a million hosts is no fault, and slow.
bool has_long_range(std::string_view text) {
    unsigned opened = 0, digits = 0;
    for (const char c : text) {
        if (c == '[') ++opened;
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        if (opened > 1 || (opened > 0 && digits > 3)) return text.find(':') != std::string_view::npos;
    }
    return false;
}

std::string all_of(const Model& model) {
    std::string out;
    for (const Group& group : model.groups()) out += show_group(model, group.name) + "\n";
    for (const Host& host : model.hosts()) out += host.name + ": " + show(host.variables) + "\n";
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)yaml_scalar(text);
    {
        Model model;
        (void)read_variables(model, model.add_file("all.yml"), text);
    }
    if (has_long_range(text)) return 0;
    Model stream, tree;
    const std::uint32_t file = stream.add_file("hosts.yml");
    tree.add_file("hosts.yml");
    tree.host("first");  // Not blank: this one cannot be undone.
    const auto a = read_yaml(stream, file, text), b = read_yaml(tree, file, text);
    FUZZ_CHECK(a.ok() == b.ok());
    if (!a.ok()) return 0;
    // A host or group of that name would be another one.
    if (text.find("first") == std::string_view::npos)
        FUZZ_CHECK(all_of(tree).size() == all_of(stream).size() + std::string_view("first: \n").size());
    stream.settle();
    for (const Host& host : stream.hosts()) FUZZ_CHECK(!host.groups.empty());
    for (GroupIndex group = 1; group < stream.groups().size(); ++group)
        FUZZ_CHECK(!stream.groups()[group].parents.empty() && stream.groups()[group].depth > 0);
    return 0;
}
