"""The network, in the order the data flows: spp_neck, score_map, landmark_attention,
local_coordinate_head, losses."""
