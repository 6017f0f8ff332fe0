#include "simulate/cim_form.h"

#include <algorithm>

namespace mullion::simulate {
namespace {

constexpr std::string_view fragment = "<w:XmlFragment";
constexpr std::string_view nil = " xsi:nil=\"true\"/>";
constexpr std::string_view common = " xmlns:cim=\"http://schemas.dmtf.org/wbem/wscim/1/common\"";
constexpr std::string_view opening = "<cim:";
constexpr std::string_view closing = "</cim:";

// What stands at the beginning of a tag's name.
std::string_view name_of(std::string_view tag) {
    const auto name = tag.substr(1, tag.find_first_of(" />") - 1);
    return name.substr(name.find(':') + 1);  // Of none, npos + 1 is 0.
}

// A query that names columns does not tell their class: an array is what is one wherever it is known.
bool is_array(std::string_view name, const CimTables& tables) {
    bool array = false;
    for (const auto& table : tables) {
        const auto* property = table->property(name);
        if (property == nullptr) continue;
        if (!property->array) return false;
        array = true;
    }
    return array;
}

}  // namespace

// Values are escaped, so that what looks like a tag is one.
std::string in_form(CimForm form, std::string_view item, const CimTables& tables) {
    if (form == CimForm::service) return std::string(item);
    const bool bare = item.starts_with(fragment);
    std::string out;
    out.reserve(item.size());
    for (bool root = true; !item.empty(); root = false) {
        const auto end = std::min(item.find('>'), item.size() - 1) + 1;
        const auto begin = std::min(item.find('<'), end);
        out += item.substr(0, begin);
        const auto tag = item.substr(begin, end - begin);
        item.remove_prefix(end);
        if (tag.ends_with(nil) && is_array(name_of(tag), tables)) continue;
        const auto space = root && bare ? tag.find(common) : std::string_view::npos;
        if (space != std::string_view::npos)
            out.append(tag.substr(0, space)).append(tag.substr(space + common.size()));
        else if (bare && tag.starts_with(opening))
            out.append("<").append(tag.substr(opening.size()));
        else if (bare && tag.starts_with(closing))
            out.append("</").append(tag.substr(closing.size()));
        else
            out += tag;
    }
    return out;
}

}  // namespace mullion::simulate
