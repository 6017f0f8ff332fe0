#include "cli/inventory_graph.h"

#include <fmt/core.h>

#include <vector>

#include "cli/printable.h"
#include "core/nearest.h"

namespace mullion::cli {
namespace {

constexpr std::size_t most_bytes = 256 * 1024 * 1024;

class Graph {
public:
    explicit Graph(const inventory::Model& model) : model_(model) {}

    bool add(inventory::GroupIndex number, std::size_t depth) {
        const auto& group = model_.groups()[number];
        line("@" + group.name + ":", depth);
        if (text_.size() > most_bytes) return false;  // Before the children: a long chain is wide as well.
        for (const auto child : group.children)
            if (!add(child, depth + 1)) return false;
        if (number != inventory::Model::all)  // Those are in ungrouped, and shown there.
            for (const auto host : group.hosts) line(model_.hosts()[host].name, depth + 1);
        return text_.size() <= most_bytes;
    }
    std::string take() { return std::move(text_); }

private:
    void line(std::string_view name, std::size_t depth) {
        for (std::size_t i = 0; i < depth; ++i) text_ += "  |";
        if (depth != 0) text_ += "--";
        text_ += printable(name);
        text_ += '\n';
    }

    const inventory::Model& model_;
    std::string text_;
};

}  // namespace

Result<std::string> graph_text(const inventory::Model& model, std::string_view group) {
    const auto found = model.find_group(group);
    if (!found) {
        std::vector<std::string_view> names;
        for (const auto& one : model.groups()) names.emplace_back(one.name);
        const auto near = nearest(group, names);
        return Error(ErrorId::usage_pattern,
                     near.empty() ? fmt::format("there is no group '{}'", group)
                                  : fmt::format("there is no group '{}'; '{}' is there", group, near));
    }
    Graph graph(model);
    if (!graph.add(*found, 0))
        return Error(ErrorId::usage_invalid, "the graph is too large: begin with a group further down");
    return graph.take();
}

}  // namespace mullion::cli
