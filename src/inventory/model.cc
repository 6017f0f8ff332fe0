#include "inventory/model.h"

namespace mullion::inventory {

std::string Model::text_of(Place place) const {
    return place.line == 0 ? files_[place.file] : files_[place.file] + ":" + std::to_string(place.line);
}

}  // namespace mullion::inventory
