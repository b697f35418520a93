"""Boston house prices by K-fold, as one writes it with Keras and scikit-learn; the run of all folds stands beside."""

import keras
import numpy as np
from sklearn.model_selection import KFold

FOLDS = 4
EPOCHS = 120

(features, prices), _ = keras.datasets.boston_housing.load_data()

histories = []
for training, validation in KFold(FOLDS).split(features):
    keras.utils.set_random_seed(1)
    normalization = keras.layers.Normalization()
    normalization.adapt(features[training])
    model = keras.Sequential(
        [
            keras.Input((13,)),
            normalization,
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer="rmsprop", loss="mean_squared_error", metrics=["mean_absolute_error"])
    history = model.fit(
        features[training],
        prices[training],
        epochs=EPOCHS,
        batch_size=16,
        validation_data=(features[validation], prices[validation]),
    )
    histories.append(history.history)

# The mean over the folds, epoch by epoch.
history.history = {name: np.mean([one[name] for one in histories], axis=0).tolist() for name in histories[0]}
