// Secrets and connectors as they are written and kept: whatever the bytes, an error, or valid entities that
// come back the same from their YAML and from their document.
#include <string_view>

#include "check.h"
#include "secrets/entities/document.h"
#include "secrets/entities/identifier.h"
#include "secrets/entities/references.h"
#include "secrets/entities/validate.h"
#include "secrets/yaml/entities_yaml.h"

using namespace mullion;
using namespace mullion::secrets;

namespace {

void check_words(std::string_view text) {
    if (const auto scope = parse_scope(text); scope.ok()) FUZZ_CHECK(scope_text(*scope) == text);
    if (const auto reference = parse_reference(text); reference.ok())
        FUZZ_CHECK(reference_text(*reference) == text);
    if (const auto id = identifier_of(text); id.ok()) FUZZ_CHECK(check_identifier(*id).ok());
}

void check_entity(const Entity& entity) {
    FUZZ_CHECK(validate(entity).ok());
    (void)notes_of(entity);
    for (const auto& use : references_of(entity)) FUZZ_CHECK(!use.reference.id.empty());
    const auto yaml = entity_yaml(entity);
    const auto again = read_entities(yaml, "f");
    FUZZ_CHECK(again.ok() && again->size() == 1 && again->front().entity == entity);
    const auto text = write_document(entity);
    FUZZ_CHECK(text.ok());
    const auto read = read_document(*text);
    FUZZ_CHECK(read.ok() && *read == entity);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_words(text);
    if (const auto document = read_document(text); document.ok()) {
        const auto again = write_document(*document);
        FUZZ_CHECK(again.ok() && *again == text);
    }
    const auto entities = read_entities(text, "f");
    if (!entities.ok()) {
        FUZZ_CHECK(entities.error().id == ErrorId::secrets_invalid);
        return 0;
    }
    FUZZ_CHECK(!entities->empty());
    for (const auto& one : *entities) check_entity(one.entity);
    return 0;
}
