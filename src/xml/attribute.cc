#include "xml/attribute.h"

namespace mullion::xml {

std::string_view prefix_of(std::string_view whole, std::string_view local) {
    return local.size() == whole.size() ? std::string_view()
                                        : whole.substr(0, whole.size() - local.size() - 1);
}

std::optional<std::string_view> declared_prefix(std::string_view attribute_name) {
    if (!attribute_name.starts_with("xmlns")) return std::nullopt;
    if (attribute_name.size() == 5) return std::string_view();
    if (attribute_name[5] != ':') return std::nullopt;
    return attribute_name.substr(6);
}

}  // namespace mullion::xml
