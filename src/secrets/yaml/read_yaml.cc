#include <fmt/format.h>

#include <map>

#include "secrets/entities/references.h"
#include "secrets/entities/validate.h"
#include "secrets/yaml/entities_yaml.h"
#include "secrets/yaml/form.h"
#include "yaml/documents.h"

namespace mullion::secrets {
namespace {

using yaml::Node;

constexpr yaml::Limits limits{4 * 1024 * 1024, 16, 200'000};

// Of a field, or of the nearest map around it that is written.
unsigned line_of(const Node& document, std::string_view field) {
    const Node* at = document.map.empty() ? &document : &document.map.front().value;
    unsigned line = at->line;
    while (!field.empty()) {
        const auto dot = field.find('.');
        const auto key = field.substr(0, dot);
        field = dot == std::string_view::npos ? std::string_view() : field.substr(dot + 1);
        const auto* const map = at;
        for (const auto& entry : map->map) {
            if (entry.key != key) continue;
            line = entry.line;
            at = &entry.value;
        }
        if (at == map) break;
    }
    return line;
}

// The place of the manager's name; null: it is of a kind that has none.
Reference* manager_in(Entity& entity) {
    if (auto* const text = std::get_if<TextSecret>(&entity.spec)) return &text->manager;
    if (auto* const file = std::get_if<FileSecret>(&entity.spec)) return &file->manager;
    return nullptr;
}

Result<WrittenEntity> read_one(const Node& document, const Source& source) {
    WrittenEntity one;
    one.line = document.line;
    MULLION_ASSIGN(one.entity, entity_of(document, source));
    if (auto* const manager = manager_in(one.entity); manager != nullptr && manager->id.empty()) {
        one.names_manager = false;
        manager->id = builtin_manager_id;
    }
    if (const auto fault = fault_of(one.entity))
        return source.at(line_of(document, fault->field), fault->what);
    return one;
}

}  // namespace

Result<std::vector<WrittenEntity>> read_entities(std::string_view text, const std::string& file) {
    yaml::Options options;
    options.limits = limits;
    options.file = file;
    options.error = ErrorId::secrets_invalid;
    MULLION_ASSIGN(const auto documents, yaml::read_documents(text, options));
    const Source source{file};
    std::vector<WrittenEntity> all;
    std::map<Identity, unsigned> lines;
    for (const auto& document : documents) {
        if (is_none(document)) continue;
        MULLION_ASSIGN(auto one, read_one(document, source));
        const auto [before, is_new] = lines.emplace(one.entity.identity, one.line);
        if (!is_new)
            return source.at(one.line, fmt::format("{} is given at line {} already",
                                                   in_words(one.entity.identity), before->second));
        all.push_back(std::move(one));
    }
    if (all.empty()) return source.at(1, "there is no secret and no connector in it");
    return all;
}

}  // namespace mullion::secrets
