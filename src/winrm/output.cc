#include "winrm/output.h"

#include "winrm/error_code.h"
#include "wsman/config_plugin.h"
#include "xml/document.h"
#include "xml/rewrite.h"

namespace mullion::winrm {
namespace {

bool is_nil(const xml::Element& element) {
    const auto nil = element.attribute(xml::xsi_namespace, "nil");
    return nil && (*nil == "true" || *nil == "1");
}

bool is_leaf(const xml::Element& element) {
    return is_nil(element) || xml::has_own_text(element);
}

bool is_location(const xml::Element& element) {
    return element.is("http://schemas.dmtf.org/wbem/wsman/1/base", "Location") ||
           element.is("http://schemas.dmtf.org/wsman/2005/06/base", "Location");
}

// Who ruled a value, where it was not the machine's own configuration. "CommandLine" is our own service's.
std::string source_of(const xml::Element& element) {
    const auto source = element.attribute("", "Source");
    if (!source || (*source != "GPO" && *source != "Compatibility" && *source != "CommandLine")) return {};
    return " [Source=\"" + *source + "\"]";
}

// Levels are as deep as xml::Limits allows, and so is the recursion.
class TextPrinter {
public:
    [[nodiscard]] std::string print(const xml::Element& root) {
        one(root, {}, {}, 0);
        return std::move(out_);
    }

private:
    // Repeated leaves stand in one line; `before` and `after` are its neighbours.
    void one(const xml::Element& element, const xml::Element& before, const xml::Element& after,
             std::size_t depth) {
        if (is_location(element)) return;
        if (is_leaf(element)) {
            leaf(element, repeats(before, element), repeats(element, after), depth);
            return;
        }
        out_.append(depth * 4, ' ').append(element.local()).append(source_of(element)).append("\n");
        if (element.space() == wsman::plugin_space) values(element, depth + 1);
        xml::Element last;
        for (auto child = element.first(); child; child = child.next()) {
            one(child, last, child.next(), depth + 1);
            last = child;
        }
    }

    // A plugin is made of attributes, and nothing else is: without them there would be nothing to see.
    void values(const xml::Element& element, std::size_t depth) {
        for (const auto& [name, value] : xml::plain_attributes(element)) {
            if (name == "Source") continue;
            out_.append(depth * 4, ' ').append(name);
            if (!value.empty()) out_.append(" = ").append(value);
            out_ += "\n";
        }
    }

    void leaf(const xml::Element& element, bool goes_on_from, bool goes_on, std::size_t depth) {
        const auto name = element.attribute("", "Name");  // Of a selector in a reference.
        if (!goes_on_from) {
            out_.append(depth * 4, ' ').append(element.local());
            if (name) out_.append(": ").append(*name);
            out_ += " = ";
        } else if (name) {
            out_.append(*name).append(" = ");
        }
        out_ += is_nil(element) ? "null" : element.text();
        out_ += source_of(element);
        out_ += goes_on ? ", " : "\n";
    }

    static bool repeats(const xml::Element& one, const xml::Element& other) {
        return one && other && other.is(one.space(), one.local()) && is_leaf(one) && is_leaf(other);
    }

    std::string out_;
};

constexpr std::string_view begin_line =
    "<wsman:Results xmlns:wsman=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/results\">\n";
constexpr std::string_view end_line = "</wsman:Results>\n";

}  // namespace

Result<std::string> printed(std::string_view document, Format format) {
    MULLION_ASSIGN(const auto parsed, xml::Document::parse(document));
    switch (format) {
        case Format::xml:
            return std::string(document) + "\n";
        case Format::pretty:
            return xml::indented(parsed.root()) + "\n";
        case Format::text:
            break;
    }
    return TextPrinter().print(parsed.root()) + "\n";
}

std::string_view results_begin(Format format) {
    return format == Format::text ? std::string_view() : begin_line;
}

std::string_view results_end(Format format) {
    return format == Format::text ? std::string_view() : end_line;
}

std::string fault_printed(std::string_view fault_document, Format format, std::uint32_t code,
                          std::string_view text) {
    std::string out;
    if (!fault_document.empty()) {
        auto fault = printed(fault_document, format);
        out = fault.ok() ? std::move(fault).value() : std::string(fault_document) + "\n";
    }
    return out + "Error number:  " + error_number(as_hresult(code)) + "\n" + std::string(text) + "\n";
}

}  // namespace mullion::winrm
