"""How FANet is trained: everything but the schedule, the network and the data.

Written once; a recipe is this, a schedule, a network and faces, and states only what differs.
"""

_base_ = ['mmpose::_base_/default_runtime.py']

custom_imports = dict(imports=['fanet_mmpose.plugin'], allow_failed_imports=False)
data_mode = 'topdown'  # MMPose's inferencer asks the config

optim_wrapper = dict(
    # A GPU steps all parameters of a group at once. Without a `type` the forward pass runs in
    # bfloat16 where the hardware has it (AutocastOptimWrapper); `type='OptimWrapper'` is float32.
    constructor='MergedGroupsConstructor',
    # Few faces, few iterations: on 300W val, ten epochs end the better the larger the rate, from
    # 1e-3 to 8e-3, and the smaller the batch.
    optimizer=dict(type='AdamW', lr=6e-3, weight_decay=0.01),
    # Decay is for weights; on norms and biases it only costs accuracy.
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0, bypass_duplicate=True),
    clip_grad=dict(max_norm=10.0),  # an early bad batch must not throw the score map off
)
# Batch over all processes that the learning rate was found with. Not scaled unless asked for
# (--auto-scale-lr): AdamW bears little more than this rate, however large the batch.
auto_scale_lr = dict(enable=False, base_batch_size=16)

default_hooks = dict(
    # Reported: the last epoch. The best on val is kept beside it for those who stop early.
    # Every epoch, so that a training which is stopped loses one at most (docs/training.md).
    checkpoint=dict(
        type='DurableCheckpointHook', interval=1, max_keep_ckpts=1, save_best='NME', rule='less'
    ),
    logger=dict(interval=20),
    # A resumed training equals one that was not stopped, bit for bit on a CPU.
    seed_draws=dict(type='SeedDrawsHook'),
    end_workers=dict(type='EndWorkersHook'),
    mean_losses=dict(type='MeanLossesHook'),  # of all processes, for the log
    finite_loss=dict(type='FiniteLossHook'),
)
custom_hooks = [
    dict(type='SyncBuffersHook'),
    # The averaged weights are validated, saved as `state_dict` and used.
    dict(
        type='EMAHook',
        ema_type='BatchedEMA',
        momentum=0.002,
        gamma=200,
        update_buffers=True,
        priority=49,
    ),
    dict(type='ChannelsLastHook'),
    dict(type='QuickCPUHook'),
]

# Several processes normalise as one: by the batch of all of them (docs/training.md).
sync_bn = 'torch'

# A CPU has no nccl; tools/dist_train.sh chooses the backend by what is there.
env_cfg = dict(mp_cfg=dict(mp_start_method='fork', opencv_num_threads=1))
